import { describe, expect, test } from "@jest/globals";
import { matchPattern } from "../../../../../functions/monitor/adapters/probes/match-pattern.ts";

const MIB = "a".repeat(1024 * 1024);

describe("patterns", () => {
  test.each([
    ["^220 ", "220 hello", "yes", "nothing is repeated"],
    ["^220 ", "221 hello", "no", "nothing is repeated"],
    ["version \\d+$", "version 17", "yes", "something is"],
    ["version \\d+$", "version x", "no", "something is"],
    ["b+$", `${MIB}b`, "yes", "a page of the greatest length"],
    ["^(a+)+$", `${"a".repeat(100)}b`, "undecided", "it would take longer than the world lasts"],
    ["^(a|aa)+$", `${"a".repeat(200)}b`, "undecided", "so would this"],
  ])("%s", (pattern, text, match, _why) => {
    expect(matchPattern(pattern, text)).toBe(match);
  });

  test("one that took too long spoils no other", () => {
    matchPattern("^(a+)+$", `${"a".repeat(100)}b`);
    expect(matchPattern("^(a+)+$", "aaa")).toBe("yes");
  });
});
