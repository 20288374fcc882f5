import { expect, test } from "@jest/globals";
import { readVersions } from "../../../../functions/updates/parsing/freebsd-version.ts";
import { section } from "./sections.ts";

test("kernel, running, userland: in this order, as freebsd-version -kru prints them", () => {
  expect(readVersions(section("15.1-RELEASE-p2\n15.1-RELEASE\n15.1-RELEASE-p10\n"))).toEqual({
    value: { kernel: "15.1-RELEASE-p2", running: "15.1-RELEASE", userland: "15.1-RELEASE-p10" },
  });
});

test.each([["15.1-RC1"], ["14.3-STABLE"], ["16.0-CURRENT"], ["15.0-BETA3"], ["14.3-PRERELEASE"]])(
  "%s is a version as well",
  (version) => {
    const value = { kernel: version, running: version, userland: version };
    expect(readVersions(section(`${version}\n`.repeat(3)))).toEqual({ value });
  },
);

const problems: [why: string, text: string, status: number, problem: RegExp][] = [
  ["nothing printed", "", 0, /^freebsd-version said nothing \(status 0\)$/],
  ["two lines", "15.1-RELEASE\n15.1-RELEASE\n", 0, /nobody understands/],
  ["a line more: which one is which", "15.1-RELEASE\n".repeat(4), 0, /nobody understands/],
  [
    "a kernel that is not there",
    "freebsd-version: unable to locate kernel\n",
    1,
    /status 1\): "freebsd-version: unable/,
  ],
  ["right lines, and a status that says otherwise", "15.1-RELEASE\n".repeat(3), 1, /status 1/],
  ["no such program", "sh: freebsd-version: not found\n", 127, /there is no freebsd-version/],
  ["it hung", "", 124, /took too long/],
  ["it hung and would not end", "", 137, /took too long/],
  ["a control character", "15.1-RELEASE\u001b[2J\n15.1-RELEASE\n15.1-RELEASE\n", 0, /nobody understands/],
  ["something before a version", "x15.1-RELEASE\n15.1-RELEASE\n15.1-RELEASE\n", 0, /nobody understands/],
];
test.each(problems)("a problem: %s", (_why, text, status, problem) => {
  expect(readVersions(section(text, status))).toEqual({ problem: expect.stringMatching(problem) });
});

test("a problem: there was more than is kept", () => {
  expect(readVersions(section("15.1-RELEASE\n".repeat(3), 0, true))).toHaveProperty("problem");
});
