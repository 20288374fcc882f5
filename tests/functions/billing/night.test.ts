import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, it } from "@jest/globals";
import type { Billing } from "#fleet";
import { addDays, attodollars, type Day } from "#ledger";
import { billPart, PARTS_AT_ONCE } from "../../../functions/billing/bill-part.ts";
import { composeNightReport } from "../../../functions/billing/compose-night-report.ts";
import type { DayRecord } from "../../../functions/billing/day-record.ts";
import { AccountBrokenError } from "../../../functions/billing/failures.ts";
import { findDay } from "../../../functions/billing/find-day.ts";
import { NOTHING } from "../../../functions/billing/part-progress.ts";
import { planDay } from "../../../functions/billing/plan-day.ts";
import { settleDay } from "../../../functions/billing/settle-day.ts";
import { FakeLedger, newAccount } from "./fakes/fake-ledger.ts";
import { FakeDayBook, FakeNightShelf, FakePace, FakeUsageShelf, usageOf } from "./fakes/fake-night.ts";

const DAY: Day = "2026-11-22";
const TIME = new Date("2026-11-23T00:30:00Z");
const TERMS: Billing = {
  service: "Example Backup",
  domain: "example.org",
  from: "accounts@example.org",
  site: "https://www.example.org",
  payAt: "https://www.example.org/pay",
  since: DAY,
  tariffs: [{ from: "2026-01-01", storage: 250, bandwidth: 250 }],
  minimumPaymentDollars: "5.00",
  holdWhen: { chargeTimes: 100, totalPercent: 25, countDropPercent: 5 },
  writesPerSecond: 1000,
};

let usage: FakeUsageShelf;
let ledger: FakeLedger;
let shelf: FakeNightShelf;
let book: FakeDayBook;
let pace: FakePace;
let terms: Billing;

beforeEach(() => {
  usage = new FakeUsageShelf();
  ledger = new FakeLedger();
  shelf = new FakeNightShelf();
  book = new FakeDayBook();
  pace = new FakePace();
  terms = TERMS;
  for (const name of ["a1", "a2", "a3"])
    ledger.accounts.set(name, newAccount(name, "2026-11", attodollars(10n ** 18n)));
});

describe("which day is next", () => {
  it("none, when fleet.yml has no section billing: a night without customers is no failure", async () => {
    expect(await findDay(TIME, undefined, undefined, book)).toEqual({ found: false, today: "2026-11-23" });
  });

  it.each<{ last: Day | undefined; time: string; found: Day | undefined; why: string }>([
    { last: undefined, time: "2026-11-23T00:30:00Z", found: DAY, why: "the first day that is billed at all" },
    { last: undefined, time: "2026-11-22T23:59:00Z", found: undefined, why: "the first day has not ended" },
    { last: DAY, time: "2026-11-23T00:30:00Z", found: undefined, why: "yesterday is closed" },
    {
      last: DAY,
      time: "2026-11-26T00:30:00Z",
      found: "2026-11-23",
      why: "missed nights are caught up in order",
    },
    {
      last: "2026-11-20",
      time: "2026-11-23T00:30:00Z",
      found: DAY,
      why: "closed days before the first do not count",
    },
  ])("$found: $why", async ({ last, time, found }) => {
    if (last !== undefined) book.records.set(last, closed(last, 3, 1n));
    expect(await findDay(new Date(time), undefined, TERMS, book)).toMatchObject(
      found === undefined ? { found: false } : { found: true, day: found },
    );
  });
});

describe("a day is judged before anybody is charged", () => {
  const bandwidth = 9n * 250n * 10n ** 6n;
  const total = 6000n * 8_333_333n + bandwidth;

  it.each([
    { before: total, accounts: 3, held: false, why: "as yesterday" },
    { before: (total * 100n) / 76n, accounts: 3, held: false, why: "24 % less" },
    { before: (total * 100n) / 70n, accounts: 3, held: true, why: "30 % less" },
    { before: (total * 100n) / 130n, accounts: 3, held: true, why: "30 % more" },
    { before: total, accounts: 4, held: true, why: "one account in four is gone" },
    { before: total, accounts: 2, held: false, why: "more accounts are no reason" },
  ])("held: $held, $why", async ({ before, accounts, held }) => {
    usage.put(DAY, usageOf("a1", "a2", "a3"));
    const yesterday = addDays(DAY, -1);
    book.records.set(yesterday, closed(yesterday, accounts, before));
    const plan = await planDay(DAY, TIME, TERMS, { usage, book });
    expect([plan.held, book.records.get(DAY)?.state]).toEqual([held, held ? "held" : undefined]);
  });

  it("what was not charged yesterday, but used, counts when today is compared with it", async () => {
    usage.put(DAY, usageOf("a1", "a2", "a3"));
    const yesterday = addDays(DAY, -1);
    const { tally, ...record } = closed(yesterday, 2, total / 2n);
    const unbilled = { unbilledCount: 1, unbilledCharge: attodollars(total - total / 2n) };
    book.records.set(yesterday, { ...record, tally: { ...tally, ...unbilled } });
    expect(await planDay(DAY, TIME, TERMS, { usage, book })).toMatchObject({ held: false });
  });

  it("a held day goes on once it is approved, and only for the usage that was shown", async () => {
    usage.put(DAY, usageOf("a1", "a2", "a3"));
    const yesterday = addDays(DAY, -1);
    book.records.set(yesterday, closed(yesterday, 3, 1n));
    expect(await planDay(DAY, TIME, TERMS, { usage, book })).toMatchObject({ held: true });
    await findDay(TIME, DAY, TERMS, book);
    expect(await planDay(DAY, TIME, TERMS, { usage, book })).toMatchObject({ held: false });
    usage.put(DAY, usageOf("a1", "a2", "a3", "a4"));
    expect(await planDay(DAY, TIME, TERMS, { usage, book })).toMatchObject({ held: true });
  });

  it.each<{ what: string; record: DayRecord | undefined }>([
    { what: "was not billed yet", record: undefined },
    { what: "is closed", record: closed(DAY, 1, 1n) },
  ])("approving a day that $what is refused", async ({ record }) => {
    if (record !== undefined) book.records.set(DAY, record);
    await expect(findDay(TIME, DAY, TERMS, book)).rejects.toMatchObject({ name: "NothingToApproveError" });
  });

  it("without a manifest there is nothing to bill yet", async () => {
    await expect(planDay(DAY, TIME, TERMS, { usage, book })).rejects.toMatchObject({
      name: "UsageMissingError",
    });
  });
});

describe("a part", () => {
  it("has its share of the capacity by as many as the machine bills at once", () => {
    const { States } = JSON.parse(readFileSync("state-machines/billing-nightly.asl.json", "utf8"));
    expect(States.BillParts.MaxConcurrency).toBe(PARTS_AT_ONCE);
  });

  it("is billed as far as the time goes, and from there by the next call", async () => {
    const names = Array.from({ length: 50 }, (_, index) => `n${String(index).padStart(2, "0")}`);
    for (const name of names) ledger.accounts.set(name, newAccount(name, "2026-11", attodollars(10n ** 18n)));
    usage.put(DAY, usageOf(...names));
    pace = new FakePace(20_000); // every look at the clock finds twenty seconds gone
    const progress: unknown[] = [];
    for (let done = false; !done; ) {
      done = await bill(0);
      progress.push((await shelf.progress(DAY, 0))?.cursor);
    }
    expect(progress).toEqual([20, 40, 50]);
    expect([...ledger.accounts.values()].filter((one) => one.charges["22"] !== undefined)).toHaveLength(50);
    expect((await settle()).tally.accounts).toBe(50);
  });

  it("keeps to its share of the capacity", async () => {
    const names = Array.from({ length: 40 }, (_, index) => `n${index}`);
    usage.put(DAY, usageOf(...names));
    await bill(0);
    expect(pace.slept).toBe(400); // 40 writes at a tenth of 1,000 a second
  });

  it("that is billed again charges nobody again, and comes to the same", async () => {
    usage.put(DAY, usageOf("a1", "a2", "a3"));
    await bill(0);
    const first = [await settle(), [...ledger.accounts.values()]];
    shelf.papers.clear(); // the power failed before its progress was kept
    await bill(0);
    expect([await settle(), [...ledger.accounts.values()]]).toEqual(first);
  });

  it("with a broken account bills the others; the day waits, names it, and goes on once it is approved", async () => {
    const charge = ledger.charge;
    ledger.charge = (account, request) =>
      account === "a2"
        ? Promise.reject(new AccountBrokenError("account a2 is broken: item without the map days"))
        : charge(account, request);
    usage.put(DAY, usageOf("a1", "a2", "a3"));
    expect(await bill(0)).toBe(true);
    const reasons = ["a2: account a2 is broken: item without the map days"];
    expect(await settle()).toMatchObject({
      state: "held",
      reasons,
      tally: { accounts: 2, unbilledCount: 1 },
    });
    await findDay(TIME, DAY, TERMS, book);
    expect(await settle()).toMatchObject({ state: "settled" });
  });

  it("is not through when the table fails: nobody is taken for broken by that", async () => {
    ledger.charge = () => Promise.reject(new Error("no table"));
    usage.put(DAY, usageOf("a1"));
    await expect(bill(0)).rejects.toThrow("no table");
    expect(await shelf.progress(DAY, 0)).toBeUndefined();
  });

  it("is refused when the manifest has changed since the night began", async () => {
    usage.put(DAY, usageOf("a1"));
    const { manifest } = await planDay(DAY, TIME, TERMS, { usage, book });
    usage.put(DAY, usageOf("a1", "a2"));
    await expect(bill(0, manifest)).rejects.toMatchObject({ name: "UsageChangedError" });
    expect(ledger.accounts.get("a1")?.charges).toEqual({});
  });
});

describe("a day is settled", () => {
  it("when what was charged and what was not come to the usage's sums", async () => {
    ledger.accounts.set("a2", { ...newAccount("a2", "2026-11"), parkedOn: "2026-11-01" });
    usage.put(DAY, usageOf("a1", "a2"), usageOf("a3", "nobody"));
    await bill(0);
    await bill(1);
    const record = await settle();
    expect(record).toMatchObject({
      state: "settled",
      tally: { accounts: 2, unbilledCount: 2, unbilled: ["a2: parked", "nobody: unknown"] },
    });
  });

  it("not when a charge is lost on the way: the totals differ", async () => {
    usage.put(DAY, usageOf("a1", "a2"));
    await bill(0);
    const kept = await shelf.progress(DAY, 0);
    if (kept === undefined) throw new Error("no progress");
    const short = attodollars(kept.tally.storage - 1n);
    await shelf.keepProgress(DAY, 0, { ...kept, tally: { ...kept.tally, storage: short } });
    await expect(settle()).rejects.toMatchObject({ name: "TotalsDifferError", message: /together -1 off/ });
  });

  it("not while another run is still at a part that this one has billed: it waits for that one's sums", async () => {
    const names = Array.from({ length: 30 }, (_, index) => `n${index}`);
    usage.put(DAY, usageOf(...names));
    const keep = shelf.keepProgress.bind(shelf);
    let finishSlow = () => Promise.resolve();
    shelf.keepProgress = async (day, part, progress) => {
      shelf.keepProgress = keep;
      finishSlow = () => keep(day, part, progress);
    };
    pace = new FakePace(20_000);
    expect(await bill(0)).toBe(false); // the slow one got as far as 20, and is about to say so
    pace = new FakePace();
    expect(await bill(0)).toBe(true);
    await finishSlow();
    await expect(settle()).rejects.toMatchObject({ name: "PartUnderWayError" });
    expect(await bill(0)).toBe(true);
    expect(await settle()).toMatchObject({ state: "settled", tally: { unbilledCount: 30 } });
  });

  it("not when a part failed: the day stays open, and names it", async () => {
    usage.put(DAY, usageOf("a1"), usageOf("a2"));
    usage.broken.add("part-00001.jsonl.gz");
    await bill(0);
    await expect(bill(1)).rejects.toMatchObject({ name: "CorruptPartError" });
    const record = await settle({ 1: "CorruptPartError" });
    expect(record).toMatchObject({ state: "partial", reasons: ["part 1 was not billed: CorruptPartError"] });
    expect(ledger.accounts.get("a1")?.charges).toHaveProperty("22");
  });

  it("not while a charge is withheld; once approved it is made, and the day settled", async () => {
    ledger.accounts.set("a1", { ...newAccount("a1", "2026-11"), lastCharge: attodollars(10n ** 16n) });
    const line = { account: "a1", storedBytes: 10n ** 13n, bytesIn: 0n, bytesOut: 0n };
    usage.put(DAY, [line]);
    await bill(0);
    expect(ledger.accounts.get("a1")?.charges).toEqual({});
    expect(await settle()).toMatchObject({ state: "held", reasons: ["1 charges were withheld"] });
    await findDay(TIME, DAY, TERMS, book);
    await bill(0);
    expect(ledger.accounts.get("a1")?.charges["22"]).toBe(8_333_333n * 10n ** 13n);
    expect(await settle()).toMatchObject({ state: "settled" });
  });

  it("not while an account stands in two parts: it is charged once, and the owner is asked", async () => {
    usage.put(DAY, usageOf("a1"), usageOf("a1"));
    await bill(0);
    await bill(1);
    expect(ledger.accounts.get("a1")?.charges).toEqual({ "22": 1000n * 8_333_333n + 3n * 250_000_000n });
    expect(await settle()).toMatchObject({ state: "held", reasons: ["a1: is charged by part 0"] });
    await findDay(TIME, DAY, TERMS, book);
    expect(await settle()).toMatchObject({ state: "settled", tally: { accounts: 1, unbilledCount: 1 } });
  });

  it("not at two prices: a tariff that was corrected meanwhile is asked about, and then it can be settled", async () => {
    usage.put(DAY, usageOf("a1", "a2"), usageOf("a3"));
    usage.broken.add("part-00001.jsonl.gz");
    await bill(0);
    await expect(bill(1)).rejects.toMatchObject({ name: "CorruptPartError" });
    expect(await settle({ 1: "CorruptPartError" })).toMatchObject({ state: "partial" });
    usage.broken.clear();
    terms = { ...TERMS, tariffs: [{ from: "2026-01-01", storage: 300, bandwidth: 250 }] };
    await bill(0);
    await bill(1);
    const reasons = ["a1: is charged another amount", "a2: is charged another amount"];
    expect(await settle()).toMatchObject({ state: "held", reasons });
    await findDay(TIME, DAY, terms, book);
    expect(await settle()).toMatchObject({ state: "settled", tally: { accounts: 1, unbilledCount: 2 } });
  });

  it.each([
    { why: "an account is gone from its part", parts: [["a2"], ["a3"]] },
    { why: "a part is gone, and its account with it", parts: [["a3"]] },
    { why: "nobody is gone, which only the owner can know", parts: [["a2", "a1"], ["a3"]] },
  ])("not by itself when usage was replaced that accounts had been charged by: $why", async ({ parts }) => {
    usage.put(DAY, usageOf("a3"), usageOf("a1", "a2"));
    usage.broken.add("part-00000.jsonl.gz");
    await expect(bill(0)).rejects.toMatchObject({ name: "CorruptPartError" });
    await bill(1);
    await settle({ 0: "CorruptPartError" });
    usage.broken.clear();
    const lines = (names: readonly string[]) =>
      names.flatMap((name) => usageOf("a1", "a2").filter(({ account }) => account === name));
    usage.put(DAY, usageOf("a3"), ...parts.filter(([name]) => name !== "a3").map(lines));
    const again = (await planDay(DAY, TIME, terms, { usage, book })).parts;
    for (const { part } of again) await bill(part);
    const reason = expect.stringMatching(/^2 accounts were billed by usage that was replaced since/);
    expect(await settle()).toMatchObject({ state: "held", reasons: [reason] });
    await findDay(TIME, DAY, terms, book);
    for (const { part } of again) await bill(part);
    expect(await settle()).toMatchObject({ state: "settled", reasons: [reason] });
  });

  it("when only a part was replaced that nobody had been charged by", async () => {
    usage.put(DAY, usageOf("a1", "a2"), usageOf("a3", "nobody"));
    usage.broken.add("part-00001.jsonl.gz");
    await bill(0);
    await expect(bill(1)).rejects.toMatchObject({ name: "CorruptPartError" });
    await settle({ 1: "CorruptPartError" });
    usage.broken.clear();
    usage.put(DAY, usageOf("a1", "a2"), usageOf("a3"));
    await bill(0);
    await bill(1);
    expect(await settle()).toMatchObject({ state: "settled", reasons: [] });
  });

  it("and closed for good", async () => {
    usage.put(DAY, usageOf("a1"));
    await bill(0);
    expect(await book.close(DAY)).toBe(false);
    await settle();
    expect([await book.close(DAY), await book.close(DAY)]).toEqual([true, true]);
    await book.write({ ...closed(DAY, 9, 9n), state: "partial" });
    expect(await book.read(DAY)).toMatchObject({ state: "closed", tally: { accounts: 1 } });
  });
});

describe("the morning's report", () => {
  it("tells the day, the day before and the days until then", async () => {
    for (const [index, day] of (["2026-11-20", "2026-11-21"] as const).entries())
      book.records.set(day, closed(day, index + 1, 10n ** 12n));
    usage.put(DAY, usageOf("a1", "a2", "a3"));
    book.records.set("2026-11-21", closed("2026-11-21", 3, 6000n * 8_333_333n));
    await bill(0);
    await settle();
    const { facts, id } = await composeNightReport(DAY, "root@example.org", { sent: 1 }, book);
    expect(id).toMatch(/^night\/2026-11-22\/closed\//);
    await book.close(DAY); // by another run, which was faster: the owner has that report already
    expect(await composeNightReport(DAY, "root@example.org", { sent: 1 }, book)).toMatchObject({ id, facts });
    expect(facts).toMatchObject({
      state: "closed",
      accounts: 3,
      revenue: String(6000n * 8_333_333n + 9n * 250_000_000n),
      previous: { day: "2026-11-21", accounts: 3 },
      history: [{ day: "2026-11-20" }, { day: "2026-11-21" }, { day: DAY }],
      mail: { sent: 1 },
    });
  });
});

async function bill(part: number, planned?: string): Promise<boolean> {
  const plan = await planDay(DAY, TIME, terms, { usage, book });
  const task = { day: DAY, time: TIME, part, manifest: planned ?? plan.manifest };
  return billPart({ ...task, chargesApproved: plan.chargesApproved }, terms, { usage, ledger, shelf, pace });
}

async function settle(failed: Record<number, string> = {}): Promise<DayRecord> {
  const plan = await planDay(DAY, TIME, terms, { usage, book });
  const parts = plan.parts.map(({ part }) => ({ part, error: failed[part] ?? "" }));
  return settleDay({ day: DAY, time: TIME, manifest: plan.manifest, parts }, terms, { usage, shelf, book });
}

function closed(day: Day, accounts: number, revenue: bigint): DayRecord {
  const tally = { ...NOTHING, accounts, storage: attodollars(revenue) };
  return { day, state: "closed", time: "", manifest: "0".repeat(64), reasons: [], approvals: [], tally };
}
