import { describe, expect, test } from "@jest/globals";
import { judgeAnswers } from "../../../../functions/monitor/findings/dns-finding.ts";

const LONG = "x".repeat(130);

/** Type, answers, what is expected, reason. */
const ROWS: [string, string, string[], string[] | undefined, string][] = [
  [
    "addresses by number, however the server turned them",
    "A",
    ["192.0.2.10", "192.0.2.9"],
    undefined,
    "example.org A is 192.0.2.9, 192.0.2.10",
  ],
  [
    "mail servers by preference",
    "MX",
    ["100 c.example.org", "20 b.example.org", "3 a.example.org"],
    ["20 b.example.org"],
    "example.org MX is 3 a.example.org, 20 b.example.org, 100 c.example.org",
  ],
  [
    "what is missing stands before what may be cut off",
    "TXT",
    ["b", "a"],
    ["c", "b", "d"],
    "example.org TXT lacks c, d: it is a, b",
  ],
  [
    "what is long is cut, on either side",
    "TXT",
    [LONG],
    [`${LONG}y`],
    `example.org TXT lacks ${"x".repeat(119)}…: it is ${"x".repeat(119)}…`,
  ],
  ["nothing is no answer", "A", [], undefined, "example.org has no A records"],
];

describe("a name server's answers", () => {
  test.each(ROWS)("%s", (_why, type, answers, expected, reason) => {
    const given = [...answers];
    const finding = judgeAnswers({ name: "example.org", type, server: "192.0.2.53:53" }, answers, expected);
    expect(finding.reason).toBe(reason);
    expect(finding.verdict).toBe(/lacks|has no/.test(reason) ? "FAILED" : "GOOD");
    expect(answers).toEqual(given);
  });
});
