import { describe, expect, test } from "@jest/globals";
import { attodollars } from "#ledger";
import { heights } from "../../../../functions/mail/templates/chart.ts";
import {
  alignedAtPoint,
  change,
  countChange,
  counted,
  gigabytes,
  grouped,
} from "../../../../functions/mail/templates/in-words.ts";

describe("counts", () => {
  test.each([
    [0n, "0"],
    [999n, "999"],
    [1000n, "1,000"],
    [10n ** 15n, "1,000,000,000,000,000"],
    [2n ** 70n, "1,180,591,620,717,411,303,424"],
    [1_234_567, "1,234,567"],
  ])("%s is %s", (count, words) => {
    expect(grouped(count)).toBe(words);
  });

  test("one of a thing is one", () => {
    expect([counted(0, "day"), counted(1, "day"), counted(1n, "byte"), counted(2000n, "byte")]).toEqual([
      "0 days",
      "1 day",
      "1 byte",
      "2,000 bytes",
    ]);
  });

  test.each([
    [1n, "0.000000001"],
    [10n ** 9n, "1"],
    [10n ** 15n + 1n, "1,000,000.000000001"],
    [12_345_678_900n, "12.3456789"],
    [0n, "0"],
  ])("%s bytes are %s GB, to the byte", (bytes, words) => {
    expect(gigabytes(bytes)).toBe(words);
  });
});

describe("changes", () => {
  test("have a sign, or there are none", () => {
    expect([1n, -(10n ** 18n), 0n].map((amount) => change(attodollars(amount)))).toEqual([
      "+$0.000000000000000001",
      "-$1.00",
      "no change",
    ]);
    expect([1n, -1000n, 0n].map(countChange)).toEqual(["+1", "-1,000", "no change"]);
  });
});

test("amounts are aligned at their points, and are what they were", () => {
  expect(alignedAtPoint(["$1.00", "-$12.345", "$7"], "_")).toEqual(["  $1.00_", "-$12.345", "  $7____"]);
  expect(alignedAtPoint([], " ")).toEqual([]);
});

describe("heights of bars", () => {
  test.each([
    { sizes: [1n, 2n, 4n], expected: [6n, 12n, 24n], why: "half the size is half the height" },
    { sizes: [1n, 10n ** 30n], expected: [1n, 24n], why: "next to nothing can still be seen" },
    { sizes: [0n, 5n, -3n], expected: [0n, 24n, 0n], why: "nothing, and less, is no bar" },
    { sizes: [0n, 0n], expected: [0n, 0n], why: "nothing is as high as nothing" },
    { sizes: [], expected: [], why: "no bars" },
  ])("$why", ({ sizes, expected }) => {
    const bars = sizes.map((size) => ({ day: "2026-11-22" as const, size, words: "" }));
    expect(heights(bars, 24n)).toEqual(expected);
  });
});
