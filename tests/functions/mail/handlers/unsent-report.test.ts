import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { useLogOutput } from "#platform";
import { dynamoDbSuppressions } from "../../../../functions/mail/adapters/dynamodb-suppressions.ts";
import { handler as sendMessage } from "../../../../functions/mail/handlers/send-message.ts";
import { handler as sendNotice } from "../../../../functions/mail/handlers/send-notice.ts";
import { type OpenStage, openStage } from "../../ami/fakes/open-stage.ts";
import { NIGHT_REPORT } from "../fakes/night-report.ts";
import { paymentNotice } from "../fakes/notice-desk.ts";

const OWNER = NIGHT_REPORT.to;
const MESSAGE = {
  ...{ id: "base-20261122-0400/built", from: "nightshift@example.org", to: [OWNER] },
  ...{ subject: "base: built", text: "It is there.\n" },
};

let open: OpenStage;
let lines: Record<string, unknown>[];
let restoreLog: () => void;
beforeEach(async () => {
  lines = [];
  open = await openStage();
  restoreLog = useLogOutput((line) => lines.push(JSON.parse(line)));
  open.stage.cloud.verifyIdentity("example.org");
});
afterEach(async () => {
  restoreLog();
  await open.close();
});

const alarms = () => lines.flatMap(({ ReportUnsent: count }) => count ?? []);
const suppress = (address: string) =>
  dynamoDbSuppressions(open.settings()).suppress(address, "bounced Permanent", open.stage.clock.now());

describe("a report that its owner does not get", () => {
  test("because the address is suppressed is no error of the run, and raises an alarm", async () => {
    await suppress(OWNER);
    expect(await open.call(sendMessage, { message: MESSAGE })).toMatchObject({ sent: 0, suppressed: 1 });
    expect(alarms()).toEqual([1]);
    expect(await open.call(sendNotice, { notice: NIGHT_REPORT })).toMatchObject({ sent: 0, suppressed: 1 });
    expect(alarms()).toEqual([1, 1]);
  });

  test("because SES refuses the recipient raises it as well", async () => {
    const notice = { ...NIGHT_REPORT, to: "stranger@example.net" };
    expect(await open.call(sendNotice, { notice })).toMatchObject({ sent: 0, refused: [expect.any(String)] });
    expect(alarms()).toEqual([1]);
  });

  test("what went out raises none, nor does a customer's notice", async () => {
    await open.call(sendMessage, { message: MESSAGE });
    open.stage.clock.advance(1000); // the sandbox takes one a second
    await open.call(sendNotice, { notice: NIGHT_REPORT });
    await suppress("a1@example.org");
    const notice = paymentNotice("a1", "a1@example.org");
    expect(await open.call(sendNotice, { notice })).toMatchObject({ suppressed: 1 });
    expect(alarms()).toEqual([]);
  });

  test.each(["send-message", "send-notice"])(
    "the alarm of %s goes to the topic, past our own mail",
    (handler) => {
      const text = readFileSync(join(import.meta.dirname, "../../../../infra/mail.yml"), "utf8");
      const alarmsOf = Object.values<{ Type: string; Properties: object }>(parse(text).Resources);
      const Value = `nightshift-\${sls:stage}-mail-${handler}`;
      expect(alarmsOf).toContainEqual({
        Type: "AWS::CloudWatch::Alarm",
        Properties: expect.objectContaining({
          ...{ Namespace: "nightshift", MetricName: "ReportUnsent", Threshold: 1 },
          Dimensions: [{ Name: "function", Value }],
          AlarmActions: [{ Ref: "AlarmTopic" }],
        }),
      });
    },
  );
});
