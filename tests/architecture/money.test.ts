import { describe, expect, it } from "@jest/globals";
import { type Attodollars, attodollars } from "#ledger";
import { findLines, readSources } from "./source-files.ts";

/*
 * No floating point touches money: amounts are bigints of a kind of their own, and whatever could turn one into a
 * number, or a number into one, stands on the list below or nowhere.
 */

const SOURCES = readSources(
  "layers/ledger",
  "functions/billing",
  "functions/accounts",
  "functions/mail",
  "local/usage",
);

/** Lines that make a number of something, each with what it is. None is an amount or a count of bytes. */
const COUNTS: [file: string, line: RegExp, what: string][] = [
  ["layers/ledger/calendar.ts", /split\("-"\)\.map\(Number\)/, "year and month"],
  [
    "functions/billing/bounds.ts",
    /Math\.round\(percent \* 100\)/,
    "a percentage of fleet.yml, to hundredths",
  ],
  ["functions/billing/notices.ts", /Number\(balance \/ storagePerDay\)/, "days that a balance lasts"],
  ["functions/mail/paced-sender.ts", /perSecond \* SHARE_OF_RATE/, "milliseconds"],
  [
    "functions/mail/templates/amounts.ts",
    /level: Number\(/,
    "the height of a bar, in thousandths of the highest",
  ],
  ["functions/mail/adapters/ses-mail-quota.ts", /Math\.max\(0, left\)/, "mails"],
  ["functions/accounts/stripe-signature.ts", /now\.getTime\(\) \/ 1000 - Number\(seconds\)/, "seconds"],
];

describe("no floating point touches money", () => {
  it("nothing makes a number of an amount, or an amount of a number", () => {
    const suspicious =
      /\bNumber\b\(|\.map\(Number\)|\bparse(Float|Int)\(|\bMath\.|\.toFixed\(|\.toPrecision\(/;
    const found = findLines(SOURCES, suspicious);
    const others = found.filter(
      (line) => !COUNTS.some(([file, known]) => line.startsWith(`${file}:`) && known.test(line)),
    );
    expect(others).toEqual([]);
    expect(found.length).toBeGreaterThan(0); // the search finds what it is for
  });

  it("the type refuses numbers, other bigints, and other units", () => {
    // Each line must fail to compile: `npm run typecheck` reports a directive that is not needed.
    // @ts-expect-error a number is no amount
    const fromNumber: Attodollars = 5;
    // @ts-expect-error a count of bytes is no amount
    const fromBigint: Attodollars = 5n;
    // @ts-expect-error amounts take no fractions
    expect(() => attodollars(0.5)).toThrow();
    // @ts-expect-error amounts and numbers do not add up
    expect(() => attodollars(5n) + 1).toThrow(TypeError);
    expect([fromNumber, fromBigint]).toHaveLength(2);
  });

  it("a number that is smuggled past the type does not get into JSON as one", () => {
    expect(() => JSON.stringify({ balance: attodollars(5n) })).toThrow(); // a bigint must be written on purpose
  });
});
