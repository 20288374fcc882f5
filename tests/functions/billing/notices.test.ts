import { describe, expect, it } from "@jest/globals";
import { type Account, attodollars, type Day, statementOf } from "#ledger";
import { composeFailure, composeNightReport } from "../../../functions/billing/compose-night-report.ts";
import { noticesFor, paymentNotice } from "../../../functions/billing/notices.ts";
import { NOTHING } from "../../../functions/billing/part-progress.ts";
import { NoticeSchema } from "../../../functions/mail/notice.ts";
import { newAccount } from "./fakes/fake-ledger.ts";
import { FakeDayBook } from "./fakes/fake-night.ts";

const DAY: Day = "2026-11-22";

/** A notice must be one to the mail domain, which reads it: the contract between the two. */
function expectContract(notice: unknown): void {
  const parsed = NoticeSchema.safeParse(JSON.parse(JSON.stringify(notice)));
  expect(parsed.error).toBeUndefined();
}

describe("the mail that an account's day brings", () => {
  it.each<{ why: string; by: Partial<Account>; today?: Day; ids: string[] }>([
    { why: "nothing befell it", by: {}, ids: [] },
    {
      why: "it became low today",
      by: { lowOn: DAY, storagePerDay: attodollars(3n) },
      ids: [`low/a1/${DAY}`],
    },
    { why: "it has been low for days", by: { lowOn: "2026-11-20", storagePerDay: attodollars(3n) }, ids: [] },
    {
      why: "it fell through low to nothing: one mail says all",
      by: { balance: attodollars(-1n), lowOn: DAY, suspendedOn: DAY, deletableFrom: "2026-11-30" },
      ids: [`suspended/a1/${DAY}`],
    },
    {
      why: "four days are left",
      by: { balance: attodollars(-1n), suspendedOn: "2026-11-19", deletableFrom: "2026-11-27" },
      ids: [],
    },
    {
      why: "three days are left",
      by: { balance: attodollars(-1n), suspendedOn: "2026-11-18", deletableFrom: "2026-11-26" },
      ids: ["deletion-warning/a1/2026-11-26/3"],
    },
    {
      why: "two are left: the same warning, which is sent if it was not",
      by: { balance: attodollars(-1n), suspendedOn: "2026-11-17", deletableFrom: "2026-11-25" },
      ids: ["deletion-warning/a1/2026-11-25/3"],
    },
    {
      why: "one day is left",
      by: { balance: attodollars(-1n), suspendedOn: "2026-11-16", deletableFrom: "2026-11-24" },
      ids: ["deletion-warning/a1/2026-11-24/1"],
    },
    {
      why: "three days would be left, but it was parked since: nothing is deleted",
      by: {
        balance: attodollars(-1n),
        suspendedOn: "2026-11-18",
        deletableFrom: "2026-11-26",
        parkedOn: "2026-11-23",
      },
      ids: [],
    },
    {
      why: "the countdown is over",
      by: { balance: attodollars(-1n), suspendedOn: "2026-11-10", deletableFrom: "2026-11-18" },
      ids: [],
    },
  ])("$why", ({ by, today = "2026-11-23", ids }) => {
    const account = { ...newAccount("a1", "2026-11", attodollars(10n)), ...by };
    const notices = noticesFor(account, DAY, today, undefined);
    expect(notices.map(({ id }) => id)).toEqual(ids);
    for (const notice of notices) {
      expect(notice.to).toBe("a1@example.net");
      expectContract(notice);
    }
  });

  it("a closed month's statement, with what was paid, used and charged", () => {
    const paid = { kind: "payment", amount: attodollars(50n), on: DAY } as const;
    const closed = statementOf({
      ...newAccount("a1", "2026-10", attodollars(60n)),
      opening: attodollars(20n),
      charges: { "30": attodollars(4n), "31": attodollars(6n) },
      entries: { p: paid },
      storageCharged: attodollars(7n),
    });
    const [notice, ...others] = noticesFor(newAccount("a1", "2026-11"), "2026-11-01", "2026-11-02", closed);
    expect(others).toEqual([]);
    expect(notice).toMatchObject({
      id: "statement/a1/2026-10",
      facts: {
        opening: "20",
        closing: "60",
        storageCharged: "7",
        bandwidthCharged: "3",
        days: 2,
        entries: [{ id: "p", kind: "payment", on: DAY, amount: "50" }],
      },
    });
    expectContract(notice);
  });

  it("nothing of a month in which nothing moved", () => {
    const closed = statementOf(newAccount("a1", "2026-10", attodollars(60n)));
    expect(noticesFor(newAccount("a1", "2026-11"), "2026-11-01", "2026-11-02", closed)).toEqual([]);
  });

  it("a payment's thanks", () => {
    const paid = { kind: "payment", amount: attodollars(50n), on: DAY } as const;
    const notice = paymentNotice(newAccount("a1", "2026-11", attodollars(60n)), "pi_1", paid);
    expect(notice).toMatchObject({ id: "payment/a1/pi_1", facts: { amount: "50", balance: "60" } });
    expectContract(notice);
  });
});

describe("the owner's reports", () => {
  it.each(["held", "partial", "settled", "closed"] as const)("of a %s day", async (state) => {
    const book = new FakeDayBook();
    const tally = { ...NOTHING, accounts: 1, storage: attodollars(5n), largest: [CHANGE] };
    const common = { time: "", manifest: "0".repeat(64), reasons: ["x"], approvals: [], tally };
    book.records.set(DAY, { ...common, day: DAY, state, waitsFor: "totals:x" });
    const mail = { cursor: null, sent: 1, already: 0, suppressed: 0, refused: [], refusedMore: 0, open: [] };
    const notice = await composeNightReport(DAY, "root@example.org", mail, book);
    expectContract(notice);
    expect(notice.facts.approve).toBe(state === "held" ? `nightshift billing approve ${DAY}` : null);
  });

  it.each([
    ["plain", "usage is not there", "usage is not there"],
    ["as Lambda gives it", '{"errorType":"X","errorMessage":"it \\"said\\" so","trace":[]}', 'it "said" so'],
  ])("of a night that failed, its cause %s", (_, Cause, reason) => {
    const notice = composeFailure("2026-11-23T00:30:00.000Z", "root@example.org", {
      Error: "UsageMissingError",
      Cause,
    });
    expect(notice.facts).toMatchObject({
      day: DAY,
      state: "failed",
      reasons: [`UsageMissingError: ${reason}`],
    });
    expectContract(notice);
  });
});

const CHANGE = { account: "a1", before: attodollars(1n), now: attodollars(5n) };
