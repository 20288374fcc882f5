import { describe, expect, test } from "@jest/globals";
import { BillingOffError, MailRefusedError } from "../../../functions/mail/failures.ts";
import { NoticeSchema } from "../../../functions/mail/notice.ts";
import { noticeMessage, sendersOf } from "../../../functions/mail/notice-message.ts";
import { parseFleet } from "../../../layers/fleet/index.ts";
import { NIGHT_REPORT } from "./fakes/night-report.ts";
import { paymentNotice, SENDERS } from "./fakes/notice-desk.ts";
import { FLEET_TEXT } from "./fakes/shipped-fleet.ts";

describe("the mail that a notice becomes", () => {
  test("names the event, the customer, and the service's sender", () => {
    const notice = NoticeSchema.parse(paymentNotice("a1"));
    const message = noticeMessage(notice, SENDERS);
    expect(message).toMatchObject({
      id: notice.id,
      from: "accounts@example.org",
      to: ["a1@example.net"],
      subject: expect.stringMatching(/./),
      text: expect.stringContaining("a1"),
      html: expect.stringContaining("<"),
    });
  });

  test("the owner's report comes from the owner's own sender", () => {
    expect(noticeMessage(NoticeSchema.parse(NIGHT_REPORT), SENDERS)).toMatchObject({
      from: "nightshift@example.org",
      to: ["root@example.org"],
    });
  });

  test.each([
    { to: "jürgen@example.net", why: "SES delivers to no address beyond ASCII" },
    { to: "a@example.net\r\nBcc: b@example.net", why: "a line break would add a header" },
  ])("cannot go to $to: $why", ({ to }) => {
    const notice = { ...NoticeSchema.parse(paymentNotice("a1")), to };
    expect(() => noticeMessage(notice, SENDERS)).toThrow(MailRefusedError);
  });

  test("what a template cannot write is this notice's refusal, not everybody's failure", () => {
    const notice = NoticeSchema.parse(paymentNotice("a1"));
    const facts = new Proxy(notice.facts, {
      get: () => {
        throw new RangeError("no such fact");
      },
    });
    expect(() => noticeMessage({ ...notice, facts } as typeof notice, SENDERS)).toThrow(
      "payment/a1/p1: payment-received could not be written: no such fact",
    );
  });
});

describe("who writes", () => {
  test("is in the fleet", () => {
    expect(sendersOf(parseFleet(FLEET_TEXT, "fleet.yml"))).toEqual(SENDERS);
  });

  test("nobody, in a fleet without customers", () => {
    const { billing: _, ...fleet } = parseFleet(FLEET_TEXT, "fleet.yml");
    expect(() => sendersOf(fleet)).toThrow(BillingOffError);
  });
});
