import { describe, expect, it, test } from "@jest/globals";
import fc from "fast-check";
import type { HostFindings } from "../../../../functions/updates/findings.ts";
import { readReport } from "../../../../functions/updates/parsing/read-report.ts";
import { REPORT_LIMIT_BYTES } from "../../../../functions/updates/parsing/report-sections.ts";
import { CLEAN_AUDIT, report, VERSIONS } from "./sections.ts";

const QUIET = { versions: VERSIONS, base: "", packages: "", audit: CLEAN_AUDIT };
const WHOLE = report(QUIET);
const NO_UPDATES = "No updates needed to update system to 14.3-RELEASE-p2.\n";

const PARTS = ["versions", "base", "packages", "vulnerable"] as const;
function problems(findings: HostFindings): Record<string, string> {
  return Object.fromEntries(
    PARTS.flatMap((name) => {
      const part = findings[name];
      return "problem" in part ? [[name, part.problem]] : [];
    }),
  );
}

describe("a whole report", () => {
  it("of a host of 15.x that is up to date", () => {
    expect(readReport(WHOLE, "15.1")).toEqual({
      versions: {
        value: { kernel: "15.1-RELEASE-p1", running: "15.1-RELEASE-p1", userland: "15.1-RELEASE-p2" },
      },
      base: { value: { notes: [] } },
      packages: { value: { changes: [], notes: [] } },
      vulnerable: { value: [] },
    });
  });

  it("of a host of 14.x: the base system is freebsd-update's", () => {
    expect(readReport(report({ ...QUIET, base: NO_UPDATES }), "14.3").base).toEqual({ value: { notes: [] } });
    expect(readReport(report({ ...QUIET, base: NO_UPDATES }), "15.1").base).toHaveProperty("problem");
    expect(readReport(report(QUIET), "14.3").base).toHaveProperty("problem");
  });

  it("of a host that is still of 14.x, though its image is of 15.x by now", () => {
    const versions = VERSIONS.replaceAll("15.1", "14.3");
    const files = "The following files will be updated as part of updating to\n14.3-RELEASE-p3:\n/bin/sh\n";
    expect(readReport(report({ ...QUIET, versions, base: files }), "15.1").base).toEqual({
      value: { to: "14.3-RELEASE-p3", files: 1, notes: [] },
    });
    expect(readReport(report({ ...QUIET, versions }), "15.1").base).toHaveProperty("problem");
  });

  it("one part that failed leaves the others standing", () => {
    const findings = readReport(report({ ...QUIET, packages: { text: "", status: 124 } }), "15.1");
    expect(problems(findings)).toEqual({ packages: "pkg upgrade took too long" });
  });

  it("a section that is not there is a problem, one that nobody knows is none", () => {
    const { packages: _, ...rest } = QUIET;
    expect(problems(readReport(report({ ...rest, firmware: "x" }), "15.1"))).toEqual({
      packages: "the host's report has no packages",
    });
  });

  it("output that looks like records is output", () => {
    const findings = readReport(report({ ...QUIET, packages: "section audit 0\nend\n" }), "15.1");
    expect(problems(findings)).toEqual({ packages: expect.stringContaining("nobody understands") });
  });
});

describe("what is no whole report", () => {
  const nothing: [why: string, text: string, problem: string][] = [
    ["empty", "", "the host's report is empty"],
    ["blank", "\n \n", "the host's report is empty"],
    [
      "another program's answer",
      "sh: updates: not found\n",
      'the host answered with something else than a report: "sh: updates: not found"',
    ],
    [
      "a later version",
      WHOLE.replace("updates 1", "updates 2"),
      "the host's report is of version 2, not 1: its image and this nightshift differ in age",
    ],
    [
      "something before it",
      `Welcome\n${WHOLE}`,
      'the host answered with something else than a report: "Welcome"',
    ],
    ["two, one after the other", WHOLE + WHOLE, "the host's report goes on after its end"],
    ["something after it", `${WHOLE}x`, "the host's report goes on after its end"],
    [
      "a section twice",
      WHOLE.replace("end\n", "section base 0\nend\n"),
      "the host's report has two sections base",
    ],
    [
      "two, line by line",
      interleaved(WHOLE),
      'the host\'s report has a line that belongs nowhere: "nightshift-updates 1"',
    ],
    [
      "a line without its mark",
      WHOLE.replace("|15", "15"),
      'the host\'s report has a line that belongs nowhere: "15.1-RELEASE-p1"',
    ],
    [
      "output before any section",
      WHOLE.replace("1\n", "1\n|x\n"),
      'the host\'s report has a line that belongs nowhere: "|x"',
    ],
    [
      "output after it was cut",
      WHOLE.replace("|15", "cut\n|15"),
      'the host\'s report has a line that belongs nowhere: "|15.1-RELEASE-p1"',
    ],
    [
      "a status that is none",
      WHOLE.replace("base 0", "base -1"),
      'the host\'s report has a line that belongs nowhere: "section base -1"',
    ],
    [
      "an escape sequence",
      WHOLE.replace("section base 0", "\u001b[2J"),
      'the host\'s report has a line that belongs nowhere: "[2J"',
    ],
    [
      "carriage returns",
      WHOLE.replaceAll("\n", "\r\n"),
      'the host answered with something else than a report: "nightshift-updates 1"',
    ],
    ["too long", WHOLE.padEnd(REPORT_LIMIT_BYTES + 1, "\n"), "the host's report is too long"],
  ];
  test.each(nothing)("nothing of it counts: %s", (_why, text, problem) => {
    const expected = { versions: problem, base: problem, packages: problem, vulnerable: problem };
    expect(problems(readReport(text, "15.1"))).toEqual(expected);
  });

  it("cut off anywhere, it says nothing that the whole does not, and its last section is a problem", () => {
    for (let length = 0; length < WHOLE.length; length += 1) {
      const findings = readReport(WHOLE.slice(0, length), "15.1");
      expect([length, findings.vulnerable]).toEqual([length, { problem: expect.any(String) }]);
    }
    const { versions, base } = readReport(WHOLE.slice(0, WHOLE.indexOf("section packages")), "15.1");
    expect(versions).toHaveProperty("value");
    expect(base).toEqual({ problem: "the host's report ends too early" });
  });

  function interleaved(text: string): string {
    return text
      .split("\n")
      .flatMap((line) => [line, line])
      .join("\n");
  }
});

describe("whatever a host sends", () => {
  const settings = { numRuns: 2000 };
  const sentence = fc.constantFrom(
    ..."The following 1 package(s) will be affected (of 0 checked):|Installed packages to be UPGRADED:|\tx: 1 -> 2|Newer FreeBSD version for package x:|- package: 1501000|/bin/sh|The following files will be updated as part of updating to|14.3-RELEASE-p2:|locally:|WARNING: FreeBSD 14.3 HAS PASSED ITS END-OF-LIFE DATE.||{}|[|cut".split(
      "|",
    ),
  );
  const line = fc.oneof(sentence, fc.string({ maxLength: 60 }), fc.string({ unit: "binary", maxLength: 60 }));
  const status = fc.constantFrom(0, 1, 2, 75, 124, 127, 255);
  const output = fc.record({
    text: fc.array(line, { maxLength: 12 }).map((lines) => lines.join("\n")),
    status,
  });
  const reports = fc.record({ versions: output, base: output, packages: output, audit: output }).map(report);
  const texts = fc.oneof(
    reports,
    fc.string({ maxLength: 300 }),
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString("utf8")),
    fc
      .tuple(reports, fc.nat(600), fc.string({ maxLength: 5 }))
      .map(([text, at, piece]) => text.slice(0, at) + piece + text.slice(at)),
  );
  const releases = fc.constantFrom("14.3", "15.1");

  /** Every text of a JSON. */
  function textsIn(json: string): string[] {
    const found: string[] = [];
    JSON.parse(json, (_name, value) => {
      if (typeof value === "string") found.push(value);
      return value;
    });
    return found;
  }

  it("is read without a throw, is bounded, and holds no control characters", () => {
    fc.assert(
      fc.property(texts, releases, (text, release) => {
        const json = JSON.stringify(readReport(text, release));
        expect(json.length).toBeLessThan(20_000);
        expect(textsIn(json).filter((kept) => /[\p{Cc}\p{Cf}\u2028\u2029]/u.test(kept))).toEqual([]);
      }),
      settings,
    );
  });

  it("is not up to date without the words that say so", () => {
    fc.assert(
      fc.property(texts, releases, (text, release) => {
        const { base, packages, vulnerable } = readReport(text, release);
        const hasWords = /No updates needed|up to date|pkg_count/.test(text);
        if (hasWords) return;
        // Quiet, pkg says it by an empty output and status 0.
        const isQuiet = (name: string) =>
          new RegExp(`^section ${name} 0\\n(\\|\\s*\\n)*(section|end)`, "m").test(text);
        if ("value" in base && base.value.to === undefined)
          expect(release === "15.1" && isQuiet("base")).toBe(true);
        if ("value" in packages && packages.value.changes.length + packages.value.notes.length === 0)
          expect(isQuiet("packages")).toBe(true);
        expect(vulnerable).toHaveProperty("problem");
      }),
      settings,
    );
  });

  it("stays below 300 KB when each part is as large as it gets", () => {
    const wide = "ü".repeat(100);
    const changes = Array.from(
      { length: 2000 },
      (_, number) =>
        `\tp${number}${"x".repeat(70)}: ${"1".repeat(39)} -> ${"2".repeat(39)} [${"r".repeat(39)}] (${wide})`,
    );
    const text = `Installed packages to be UPGRADED:\n${changes.join("\n")}\n\n${`${wide}\n`.repeat(50)}`;
    const issue = {
      ...{ description: "€".repeat(500), url: `https://vuxml.FreeBSD.org/${"a".repeat(120)}` },
      ...{ cve: Array(50).fill("CVE-2026-12345678"), "Affected versions": Array(6).fill("€".repeat(80)) },
    };
    const packages = Object.fromEntries(
      Array.from({ length: 60 }, (_, number) => [
        `${number}${"€".repeat(100)}`,
        { version: "€".repeat(99), issues: Array(5).fill(issue) },
      ]),
    );
    const audit = { text: JSON.stringify({ pkg_count: 60, packages }), status: 1 };
    const findings = readReport(report({ ...QUIET, base: text, packages: text, audit }), "15.1");
    expect(problems(findings)).toEqual({});
    const bytes = Buffer.byteLength(JSON.stringify(findings));
    expect(bytes).toBeGreaterThan(120_000); // or this is not large
    expect(bytes).toBeLessThan(250_000);
  });

  it("takes no longer for lines that are made to be slow", () => {
    const slow = [
      "a".repeat(190_000),
      "/".repeat(190_000),
      "{".repeat(190_000),
      `${" ".repeat(190_000)}x`,
      `${"(".repeat(190_000)}`,
    ];
    for (const text of slow) {
      const findings = readReport(
        report({
          versions: text,
          base: text,
          packages: `Installed packages to be UPGRADED:\n\t${text}`,
          audit: text,
        }),
        "14.3",
      );
      expect(Object.keys(problems(findings))).toHaveLength(4);
    }
  });
});
