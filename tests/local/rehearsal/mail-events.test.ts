import { join } from "node:path";
import { expect, it } from "@jest/globals";
import type { AcceptedMail } from "../../../local/cloud/contract.ts";
import { mailEvents } from "../../../local/rehearsal/mail-events.ts";

const ROOT = join(import.meta.dirname, "../../..");

function mail(messageId: string): AcceptedMail {
  const tags = { "nightshift-send": `key of ${messageId}` };
  const destinations = ["owner@example.org"];
  return { messageId, file: "", source: "nightshift@example.org", destinations, region: "us-east-1", tags };
}

/** EventBridge in front of an account in which these mails were accepted; `taken` is what its target was given. */
function prepare(mails: AcceptedMail[]) {
  const taken: { target: string; event: unknown }[] = [];
  const bus = mailEvents({ mails: () => mails, accountId: "123456789012" }, ROOT);
  const deliver = () =>
    bus.deliver(async ({ domain, handler }, event) => {
      taken.push({ target: `${domain}/${handler}`, event });
    });
  return { bus, taken, deliver };
}

it("tells of each accepted mail once, in SES's own form", async () => {
  const mails = [mail("1")];
  const { taken, deliver } = prepare(mails);
  await deliver();
  mails.push(mail("2"));
  await deliver();
  await deliver();
  expect(taken.map(({ target }) => target)).toEqual(["mail/record-outcome", "mail/record-outcome"]);
  expect(taken[1]?.event).toMatchObject({
    source: "aws.ses",
    "detail-type": "Email Sent",
    detail: {
      eventType: "Send",
      mail: { messageId: "2", tags: { "nightshift-send": ["key of 2"] }, destination: ["owner@example.org"] },
    },
  });
});

it("tells again of a mail whose target failed, or died while it was told", async () => {
  const { bus, taken, deliver } = prepare([mail("1")]);
  await expect(bus.deliver(() => Promise.reject(new Error("died")))).rejects.toThrow("died");
  await deliver();
  expect(taken).toHaveLength(1);
});
