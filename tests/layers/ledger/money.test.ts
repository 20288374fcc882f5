import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  AttodollarText,
  attodollars,
  DollarText,
  formatDollars,
  minus,
  negate,
  picodollars,
  sum,
  times,
} from "#ledger";

describe("amounts for people", () => {
  it.each([
    { amount: 0n, text: "$0.00", why: "two decimals at least" },
    { amount: 5n * 10n ** 18n, text: "$5.00", why: "whole dollars" },
    { amount: 1n, text: "$0.000000000000000001", why: "the smallest amount" },
    { amount: 4992238237884881224n, text: "$4.992238237884881224", why: "all eighteen decimals" },
    { amount: -5n * 10n ** 17n, text: "-$0.50", why: "the sign stands before the dollar" },
    { amount: 1234567n * 10n ** 18n, text: "$1,234,567.00", why: "thousands are grouped" },
    { amount: 2n ** 63n, text: "$9.223372036854775808", why: "where a signed 64-bit integer ends" },
    { amount: 10n ** 38n - 1n, text: "$99,999,999,999,999,999,999.999999999999999999", why: "the largest" },
  ])("$text: $why", ({ amount, text }) => {
    expect(formatDollars(attodollars(amount))).toBe(text);
  });

  it("say exactly what they stand for", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 32n), max: 10n ** 32n }), (amount) => {
        const text = formatDollars(attodollars(amount)).replaceAll(/[$,]/g, "");
        expect(DollarText.parse(text)).toBe(amount);
      }),
    );
  });
});

describe("amounts in JSON and in dollars", () => {
  it.each(["0", "-1", "12500000000000000000", "9".repeat(38)])("%s is an amount", (text) => {
    expect(String(AttodollarText.parse(text))).toBe(text);
  });

  it.each([
    ["", "nothing"],
    ["-0", "there is one zero"],
    ["01", "no leading zero"],
    ["1.5", "whole attodollars"],
    ["1e18", "no exponent"],
    ["+1", "no plus"],
    [" 1", "no blank"],
    ["0x10", "decimal"],
    ["1".repeat(39), "39 digits are more than DynamoDB keeps"],
  ])("%p is none: %s", (text) => {
    expect(AttodollarText.safeParse(text).success).toBe(false);
  });

  it("a number is none, however whole", () => {
    expect(AttodollarText.safeParse(5).success).toBe(false);
  });

  it.each([
    ["5", 5n * 10n ** 18n],
    ["5.00", 5n * 10n ** 18n],
    ["-0.25", -25n * 10n ** 16n],
    ["0.000000000000000001", 1n],
  ])("%s dollars", (text, amount) => {
    expect(DollarText.parse(text)).toBe(amount);
  });

  it.each(["", ".5", "5.", "5,00", "$5", "1e2", "0.0000000000000000001"])(
    "%p is no amount of dollars",
    (text) => {
      expect(DollarText.safeParse(text).success).toBe(false);
    },
  );
});

describe("arithmetic", () => {
  it("stays within 38 digits, or fails", () => {
    const largest = attodollars(10n ** 38n - 1n);
    expect(() => sum([largest, attodollars(1n)])).toThrow(RangeError);
    expect(() => times(largest, 2n)).toThrow(RangeError);
    expect(() => minus(negate(largest), attodollars(1n))).toThrow(RangeError);
    expect(sum([largest, negate(largest)])).toBe(0n);
  });

  it("a picodollar is a million attodollars", () => {
    expect(picodollars(250n)).toBe(250_000_000n);
  });
});
