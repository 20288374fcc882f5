import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { editDistance, nearest } from "../../../layers/fleet/nearest.ts";

const DISTANCES: readonly [string, string, number, string][] = [
  ["", "", 0, "nothing to change"],
  ["abc", "abc", 0, "equal"],
  ["", "abc", 3, "three insertions"],
  ["abc", "acb", 1, "neighbours swapped count once"],
  ["release", "relase", 1, "a letter lost"],
  ["kitten", "sitting", 3, "the textbook's example"],
];

test.each(DISTANCES)("%j and %j are %i apart", (from, to, distance) => {
  expect(editDistance(from, to)).toBe(distance);
});

test("distance is symmetric, zero only for equals, and never more than the longer word", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, b) === 0).toBe(a === b);
      expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }),
  );
});

const MEANT: readonly [string, string[], string | undefined, string][] = [
  ["relase", ["arch", "release"], "release", "one letter lost"],
  ["BASE", ["base"], "base", "case does not matter"],
  ["ab", ["yz"], undefined, "short words are not matched with anything"],
  ["zebra", ["release", "arch"], undefined, "nothing near"],
];

test.each(MEANT)("%j among %j means %j", (word, candidates, meant) => {
  expect(nearest(word, candidates)).toBe(meant);
});
