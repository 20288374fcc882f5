import { describe, expect, test } from "@jest/globals";
import { NoticeSchema, TEMPLATE_NAMES } from "../../../functions/mail/notice.ts";
import { SAMPLES } from "../../../functions/mail/templates/samples.ts";

/** A notice of a sample, with some facts changed. */
function noticeOf(name: string, change: object) {
  const { template, to, facts } = SAMPLES.find((sample) => sample.name === name) ?? {};
  return { id: "x", template, to, facts: { ...(facts as object), ...change } };
}

test("there are seven templates", () => {
  expect(TEMPLATE_NAMES).toEqual([
    ...["address-confirmation", "payment-received", "balance-low", "suspended", "deletion-warning"],
    ...["statement", "night-report"],
  ]);
});

describe("a notice", () => {
  test("gets its amounts as attodollars, and loses what no template knows", () => {
    const parsed = NoticeSchema.parse({
      ...noticeOf("deletion-warning", { balance: "-5", odd: 1 }),
      more: 2,
    });
    expect(parsed.facts).toEqual({ account: "kim-laptop", balance: -5n, deletableFrom: "2026-12-05" });
    expect(parsed).not.toHaveProperty("more");
  });

  test.each<[name: string, change: object, path: string, why: string]>([
    ["payment-received", { amount: 5 }, "facts.amount", "a number would have been rounded"],
    ["payment-received", { amount: "5.00" }, "facts.amount", "dollars instead of attodollars"],
    ["payment-received", { amount: "007" }, "facts.amount", "not as we write it"],
    ["payment-received", { balance: "1".repeat(39) }, "facts.balance", "more than a table can hold"],
    ["payment-received", { on: "2026-02-29" }, "facts.on", "no day"],
    ["payment-received", { payment: "" }, "facts.payment", "no name"],
    ["payment-received", { account: "x".repeat(201) }, "facts.account", "no end"],
    ["payment-received", { account: undefined }, "facts.account", "whose?"],
    ["balance-low", { daysLeft: -1 }, "facts.daysLeft", "then it is not low but gone"],
    ["balance-low", { daysLeft: 1.5 }, "facts.daysLeft", "days are whole"],
    ["statement", { month: "2026-13" }, "facts.month", "no month"],
    ["statement", { byteDays: "-1" }, "facts.byteDays", "less than nothing"],
    ["statement", { bytesIn: "1e3" }, "facts.bytesIn", "not as we write it"],
    ["address-confirmation", { link: "http://www.example.org/" }, "facts.link", "anybody could read it"],
    ["address-confirmation", { link: "javascript:alert(1)" }, "facts.link", "no address"],
    ["address-confirmation", { link: "https://www.example.org/ x" }, "facts.link", "a blank ends a link"],
    ["address-confirmation", { link: 'https://a/"' }, "facts.link", "a quote ends an attribute"],
    ["address-confirmation", { link: "https://www.exаmple.org/" }, "facts.link", "a Cyrillic letter"],
    ["address-confirmation", { expires: "tomorrow" }, "facts.expires", "no instant"],
    ["address-confirmation", { expires: "2026-11-24T09:15:00" }, "facts.expires", "where?"],
    ["night-report", { state: "done" }, "facts.state", "no state of ours"],
    ["night-report", { accounts: -1 }, "facts.accounts", "less than nobody"],
    ["night-report", { revenue: 95 }, "facts.revenue", "a number would have been rounded"],
  ])("%s with %j is refused at %s: %s", (name, change, path) => {
    const parsed = NoticeSchema.safeParse(noticeOf(name, change));
    expect(parsed.error?.issues.map((issue) => issue.path.join("."))).toEqual([path]);
  });

  test("of a template that nobody wrote is refused", () => {
    expect(NoticeSchema.safeParse({ ...noticeOf("suspended", {}), template: "newsletter" }).success).toBe(
      false,
    );
  });

  test("counts that billing does not send yet have their defaults", () => {
    const mail = { sent: 1, already: 0, suppressed: 0, refused: [] };
    const { facts } = NoticeSchema.parse(noticeOf("night-report", { mail, unbilledCount: undefined }));
    expect(facts).toMatchObject({ mail: { refusedMore: 0 } });
  });
});
