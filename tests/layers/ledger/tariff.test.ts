import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  addDays,
  chargeFor,
  type Day,
  DayText,
  daysBetween,
  daysIn,
  type Month,
  ratesOn,
  type Tariff,
} from "#ledger";

const TARIFFS: Tariff[] = [
  { from: "2026-11-15", storagePicodollarsPerByteMonth: 250n, bandwidthPicodollarsPerByte: 250n },
  { from: "2020-01-01", storagePicodollarsPerByteMonth: 300n, bandwidthPicodollarsPerByte: 300n },
];

describe("the rate of a day", () => {
  // tarsnap.com/picoUSD-why.html; 250 picodollars are 250,000,000 attodollars.
  it.each<[Day, bigint, string]>([
    ["2027-02-01", 8_928_571n, "28 days"],
    ["2028-02-29", 8_620_689n, "29 days"],
    ["2026-11-30", 8_333_333n, "30 days"],
    ["2026-12-01", 8_064_516n, "31 days"],
    ["2026-11-14", 10_000_000n, "the day before the tariff changes, in the middle of a month"],
    ["2026-11-15", 8_333_333n, "the day from which the new one is in force"],
  ])("%s: %s attodollars a byte, %s", (day, rate) => {
    expect(ratesOn(day, TARIFFS).storagePerByteDay).toBe(rate);
  });

  it("there is none before the first tariff", () => {
    expect(() => ratesOn("2019-12-31", TARIFFS)).toThrow("no tariff is in force on 2019-12-31");
  });

  it("is never more than the month's price, and less by under a byte's attodollar a day", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4000 }), (offset) => {
        const day = addDays("2026-11-15", offset);
        const days = BigInt(daysIn(day.slice(0, 7) as Month));
        const month = ratesOn(day, TARIFFS).storagePerByteDay * days;
        expect(month <= 250_000_000n && month > 250_000_000n - days).toBe(true);
      }),
    );
  });
});

describe("a day's charge", () => {
  it("a terabyte for 31 days is 4 millionths of a dollar below the price", () => {
    const usage = { storedBytes: 10n ** 12n, bytesIn: 0n, bytesOut: 0n };
    const { total } = chargeFor(usage, ratesOn("2026-12-05", TARIFFS));
    expect(total * 31n).toBe(249_999_996_000_000_000_000n);
  });

  it("10^15 bytes stay exact", () => {
    const usage = { storedBytes: 10n ** 15n, bytesIn: 1n, bytesOut: 2n };
    expect(chargeFor(usage, ratesOn("2026-11-22", TARIFFS))).toEqual({
      storage: 8_333_333_000_000_000_000_000n,
      bandwidth: 750_000_000n,
      total: 8_333_333_000_000_750_000_000n,
    });
  });

  it("is linear: what all pay is what all together would pay", () => {
    const bytes = fc.bigInt({ min: 0n, max: 10n ** 15n });
    const usage = fc.record({ storedBytes: bytes, bytesIn: bytes, bytesOut: bytes });
    fc.assert(
      fc.property(fc.array(usage, { maxLength: 50 }), fc.nat(1000), (all, offset) => {
        const rates = ratesOn(addDays("2026-11-01", offset), TARIFFS);
        const add = (pick: (one: (typeof all)[number]) => bigint) =>
          all.reduce((sum, one) => sum + pick(one), 0n);
        const together = {
          storedBytes: add((one) => one.storedBytes),
          bytesIn: add((one) => one.bytesIn),
          bytesOut: add((one) => one.bytesOut),
        };
        const separate = all.reduce((sum, one) => sum + chargeFor(one, rates).total, 0n);
        expect(chargeFor(together, rates).total).toBe(separate);
      }),
    );
  });
});

describe("the calendar", () => {
  it.each<[string, boolean, string]>([
    ["2028-02-29", true, "a leap year"],
    ["2026-02-29", false, "no leap year"],
    ["2026-04-31", false, "April has thirty"],
    ["2026-13-01", false, "no month"],
    ["2026-1-01", false, "two digits"],
    ["2026-11-22T00:00:00Z", false, "an instant"],
  ])("%s: %s, %s", (text, isDay) => {
    expect(DayText.safeParse(text).success).toBe(isDay);
  });

  it.each<[Day, number, Day]>([
    ["2026-12-31", 1, "2027-01-01"],
    ["2028-02-28", 1, "2028-02-29"],
    ["2026-03-01", -1, "2026-02-28"],
    ["2026-03-28", 2, "2026-03-30"],
  ])("%s and %i days are %s", (day, count, other) => {
    expect([addDays(day, count), daysBetween(day, other)]).toEqual([other, count]);
  });
});
