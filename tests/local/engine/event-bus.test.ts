import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "@jest/globals";
import { targetsOf } from "../../../local/engine/event-bus.ts";

const ROOT = join(import.meta.dirname, "../../..");
const SENT = JSON.parse(readFileSync(join(ROOT, "events/samples/ses-email-sent.json"), "utf8"));

it.each([
  ["an accepted mail is noted as sent", SENT, ["mail/record-outcome"]],
  ["a bounce is noted as well", { ...SENT, "detail-type": "Email Bounced" }, ["mail/record-outcome"]],
  ["that somebody opened it is nobody's business", { ...SENT, "detail-type": "Email Opened" }, []],
  ["another service's event of that name is nobody's", { ...SENT, source: "aws.other" }, []],
])("%s", (_, event, targets) => {
  expect(targetsOf(ROOT, event).map(({ domain, handler }) => `${domain}/${handler}`)).toEqual(targets);
});
