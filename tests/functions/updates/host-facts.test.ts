import { describe, expect, it } from "@jest/globals";
import type { HostFindings, VulnerablePackage } from "../../../functions/updates/findings.ts";
import { factsOfHost } from "../../../functions/updates/host-facts.ts";
import type { HostRecord } from "../../../functions/updates/records.ts";
import { CHECK, checked, missed, UP_TO_DATE, upgrade } from "./fakes/sample-records.ts";

const URL = "https://vuxml.FreeBSD.org/freebsd/1.html";
const CURL: VulnerablePackage = {
  name: "curl",
  version: "8.17.0",
  issues: [{ title: "curl -- leak", cve: ["CVE-2026-1", "CVE-2026-2"], url: URL, affected: ["< 8.18.0"] }],
};

const lines = (record: HostRecord) => factsOfHost(record).map(({ kind, line }) => `${kind}: ${line}`);
const keys = (record: HostRecord) => factsOfHost(record).map(({ key }) => key);
const changes = (...all: ReturnType<typeof upgrade>[]) => ({
  packages: { value: { changes: all, notes: [] } },
});

describe("the facts of a host", () => {
  const cases: [why: string, findings: Partial<HostFindings>, expected: string[]][] = [
    ["up to date: none", {}, []],
    ["an upgrade", changes(upgrade("git", "2.51")), ["package: git 1.0 -> 2.51"]],
    [
      "other changes say what they are, and why",
      changes(
        upgrade("a", "1.0", { action: "reinstall", reason: "required shared library changed" }),
        { name: "b", action: "remove", from: "2", vulnerable: false },
        { name: "c", action: "install", to: "3", vulnerable: false },
      ),
      [
        "package: a 1.0 (reinstall: required shared library changed)",
        "package: b 2 (remove)",
        "package: c 3 (install)",
      ],
    ],
    [
      "a known vulnerability stands first, with its ids; the upgrade that may mend it stands with it",
      { vulnerable: { value: [CURL] }, ...changes(upgrade("bash", "5.4"), upgrade("curl", "8.18.0")) },
      [
        "vulnerable: curl 8.17.0 is vulnerable: curl -- leak (CVE-2026-1, CVE-2026-2)",
        "vulnerable: curl 1.0 -> 8.18.0",
        "package: bash 1.0 -> 5.4",
      ],
    ],
    [
      "pkg says so of an upgrade, and the audit does not: told all the same",
      changes(upgrade("curl", "8.18.0", { vulnerable: true })),
      ["vulnerable: curl 1.0 is vulnerable, as pkg upgrade says", "vulnerable: curl 1.0 -> 8.18.0"],
    ],
    [
      "vulnerable, and nobody says by what",
      { vulnerable: { value: [{ ...CURL, issues: [] }] } },
      ["vulnerable: curl 8.17.0 is vulnerable"],
    ],
    [
      "vulnerabilities without a link are told apart by their ids, then by their titles",
      {
        vulnerable: {
          value: [
            {
              ...CURL,
              issues: [
                { title: "one", cve: ["CVE-2026-1"], url: "", affected: [] },
                { title: "two", cve: [], url: "", affected: [] },
                { title: "and 4 more issues", cve: [], url: "", affected: [] },
              ],
            },
            { name: "and 7 more packages", version: "", issues: [] },
          ],
        },
      },
      [
        "vulnerable: and 7 more packages are vulnerable",
        "vulnerable: curl 8.17.0 is vulnerable: one (CVE-2026-1)",
        "vulnerable: curl 8.17.0 is vulnerable: and 4 more issues",
        "vulnerable: curl 8.17.0 is vulnerable: two",
      ],
    ],
    [
      "FreeBSD by files",
      {
        base: { value: { to: "14.3-RELEASE-p2", files: 12, keptFiles: ["/etc/motd"], notes: ["ends soon"] } },
      },
      [
        "base: FreeBSD can be updated to 14.3-RELEASE-p2 (12 files)",
        "note: /etc/motd was changed locally and would be kept",
        "note: ends soon",
      ],
    ],
    [
      "FreeBSD by packages",
      { base: { value: { to: "15.1p3", packages: [upgrade("FreeBSD-runtime", "15.1p3")], notes: [] } } },
      ["base: FreeBSD can be updated to 15.1p3 (1 package)"],
    ],
    [
      "FreeBSD by packages of which none says to which version",
      { base: { value: { packages: [upgrade("FreeBSD-runtime", "?")], notes: [] } } },
      ["base: FreeBSD can be updated (1 package)"],
    ],
    [
      "a kernel that was installed and does not run",
      { versions: { value: { kernel: "15.1-RELEASE-p3", running: "15.1-RELEASE-p1", userland: "x" } } },
      ["reboot: a reboot is due: 15.1-RELEASE-p3 is installed, 15.1-RELEASE-p1 runs"],
    ],
    [
      "a part that is not known",
      { vulnerable: { problem: "pkg audit took too long" } },
      ["unread: known vulnerabilities: not known, pkg audit took too long"],
    ],
    [
      "a report that is not understood as a whole is one fact",
      {
        versions: { problem: "empty" },
        base: { problem: "empty" },
        packages: { problem: "empty" },
        vulnerable: { problem: "empty" },
      },
      ["unread: nothing is known: empty"],
    ],
  ];
  it.each(cases)("%s", (_why, findings, expected) => {
    expect(lines(checked("www", findings))).toEqual(expected);
  });

  it("a package that a host names twice counts once", () => {
    expect(keys(checked("www", changes(upgrade("git", "2"), upgrade("git", "2"))))).toEqual([
      "upgrade/git/2",
    ]);
  });

  it("an upgrade that is vulnerable is the same fact whether the audit is known or not", () => {
    const update = changes(upgrade("curl", "8.18.0", { vulnerable: true }));
    const told = keys(checked("www", { vulnerable: { value: [CURL] }, ...update }));
    const unread = checked("www", { vulnerable: { problem: "it took too long" }, ...update });
    const unaudited = keys({ ...unread, remembered: { vulnerable: [CURL] } });
    expect(unaudited.filter((key) => key.startsWith("upgrade/"))).toEqual(["upgrade/curl/8.18.0"]);
    expect(told).toContain("upgrade/curl/8.18.0");
    expect(keys({ ...unread, remembered: {} })).toContain("upgrade/curl/8.18.0");
  });

  it("no text of a host's breaks a line, moves a cursor, or turns what follows around", () => {
    const nasty = "x\r\nBcc: a@b.c\u001b[2J\u202e\u2028y";
    const record = checked("www", {
      base: { value: { to: nasty, files: 1, keptFiles: [nasty], notes: [nasty] } },
      versions: { value: { kernel: nasty, running: "b", userland: "c" } },
      vulnerable: {
        value: [
          { name: nasty, version: nasty, issues: [{ title: nasty, cve: [nasty], url: nasty, affected: [] }] },
        ],
      },
      ...changes(upgrade(nasty, nasty, { reason: nasty })),
    });
    const facts = [...factsOfHost(record), ...factsOfHost(missed("www", { reason: nasty }))];
    expect(facts.length).toBeGreaterThan(6);
    for (const { line, links = [] } of facts)
      for (const text of [line, ...links]) expect(text).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
  });
});

describe("a host that was missed", () => {
  const since = (day: number, failure?: string) => {
    const at = `2026-11-${String(day).padStart(2, "0")}T06:00:00.000Z`;
    return missed("www", { since: at, ...(failure === undefined ? {} : { failure }) });
  };
  const cases: [day: number, failure: string, kind: string, line: string, period: number][] = [
    [27, "HostUnreachableError", "missed", "not checked: connection refused", 0],
    [26, "HostHungError", "missed", "not checked, for 1 day now: connection refused", 0],
    [21, "HostUnreachableError", "missed", "not checked, for 6 days now: connection refused", 0],
    [20, "HostUnreachableError", "missed", "not checked, for 7 days now: connection refused", 1],
    [13, "HostUnreachableError", "missed", "not checked, for 14 days now: connection refused", 2],
    [
      ...([27, "HostKeyChangedError", "key-changed"] as const),
      ...(["HOST KEY CHANGED: connection refused. Somebody else may be answering", 0] as const),
    ],
    [
      ...([25, "HostKeyChangedError", "key-changed"] as const),
      ...([
        "HOST KEY CHANGED, for 2 days now: connection refused. Somebody else may be answering",
        2,
      ] as const),
    ],
  ];
  it.each(cases)("since day %i by %s", (day, failure, kind, line, period) => {
    const record = since(day, failure);
    expect(lines(record)).toEqual([`${kind}: ${line}`]);
    const from = record.outcome.kind === "missed" ? record.outcome.since : "";
    expect(keys(record)).toEqual([`${kind}/${from}/${period}`]);
  });

  it("is the same fact with another reason of the same kind, and another one when its key changed", () => {
    const [refused] = keys(missed("www"));
    expect(keys(missed("www", { failure: "PipeRefusedError", reason: "wrong key" }))).toEqual([refused]);
    expect(keys(missed("www", { failure: "HostKeyChangedError" }))).not.toEqual([refused]);
  });

  it("keeps what was known of it, as remembered", () => {
    const known = { packages: { changes: [upgrade("git", "2")], notes: [] } };
    const facts = factsOfHost({ ...missed("www"), remembered: known });
    expect(facts.map(({ key, isRemembered }) => [key, isRemembered])).toEqual([
      [`missed/${CHECK}/0`, false],
      ["upgrade/git/2", true],
    ]);
  });
});

describe("a part that stays unread", () => {
  const since = (day: number) => `2026-11-${String(day).padStart(2, "0")}T06:00:00.000Z`;
  const audit = (day: number): HostRecord => ({
    ...checked("www", { vulnerable: { problem: "it took too long" } }),
    unknownSince: { vulnerable: since(day) },
  });
  const part = { problem: "empty" };
  const nothing = (...days: number[]): HostRecord => {
    const [versions = "", base = "", packages = "", vulnerable = ""] = days.map(since);
    return {
      ...checked("www", { versions: part, base: part, packages: part, vulnerable: part }),
      unknownSince: { versions, base, packages, vulnerable },
    };
  };

  const cases: [record: HostRecord, key: string, line: string][] = [
    [audit(27), `vulnerable/${since(27)}/0`, "known vulnerabilities: not known, it took too long"],
    [
      audit(21),
      `vulnerable/${since(21)}/0`,
      "known vulnerabilities: not known, for 6 days now, it took too long",
    ],
    [
      audit(20),
      `vulnerable/${since(20)}/1`,
      "known vulnerabilities: not known, for 7 days now, it took too long",
    ],
    [nothing(27, 27, 27, 27), `${since(27)}/0`, "nothing is known: empty"],
    [nothing(13, 26, 13, 13), `${since(26)}/0`, "nothing is known, for 1 day now: empty"],
    [nothing(13, 13, 13, 13), `${since(13)}/2`, "nothing is known, for 14 days now: empty"],
  ];
  it.each(cases)("is told again every week: %#, %s, %s", (record, key, line) => {
    expect(factsOfHost(record)).toMatchObject([
      { kind: "unread", key: `unread/${key}`, line, isRemembered: false },
    ]);
  });

  it.each([audit(20), nothing(13, 26, 13, 13)])("stays so while the host is away: %#", (record) => {
    const away = factsOfHost({ ...missed("www"), unknownSince: record.unknownSince });
    const remembered = away.filter(({ isRemembered }) => isRemembered).map(({ key }) => key);
    expect(remembered).toEqual(expect.arrayContaining(keys(record)));
    expect(away.filter(({ isRemembered }) => !isRemembered)).toMatchObject([{ kind: "missed" }]);
  });
});

describe("keys", () => {
  it("stay the same while only words change", () => {
    const before = checked("www", { vulnerable: { value: [CURL] }, ...changes(upgrade("git", "2.51")) });
    const reworded = {
      ...CURL,
      version: "8.17.1",
      issues: [{ ...CURL.issues[0], title: "curl -- worse", cve: [], url: URL, affected: [] }],
    };
    const after = checked("www", {
      vulnerable: { value: [reworded] },
      ...changes(upgrade("git", "2.51", { from: "2.50_1" })),
    });
    expect(keys(after)).toEqual(keys(before));
  });

  it.each([
    ["a newer version to be had", changes(upgrade("git", "2.52"))],
    ["another action", changes(upgrade("git", "2.51", { action: "downgrade" }))],
    [
      "the version that is installed is now said to be vulnerable",
      changes(upgrade("git", "2.51", { vulnerable: true })),
    ],
  ])("differ for %s", (_why, findings) => {
    expect(keys(checked("www", findings))).not.toEqual(keys(checked("www", changes(upgrade("git", "2.51")))));
  });

  it("an upgrade that was told is not told again because an audit finds its package", () => {
    const told = keys(checked("www", changes(upgrade("curl", "8.18.0"))));
    const now = keys(
      checked("www", { vulnerable: { value: [CURL] }, ...changes(upgrade("curl", "8.18.0")) }),
    );
    expect(now.filter((key) => !told.includes(key))).toEqual([`vulnerable/curl/${URL}`]);
  });
});

it("the sample is up to date", () => {
  expect(factsOfHost(checked("www", UP_TO_DATE))).toEqual([]);
});
