import { describe, expect, it, test } from "@jest/globals";
import { MessageSchema } from "../../../functions/mail/message.ts";
import { factsOfHost } from "../../../functions/updates/host-facts.ts";
import { compareFacts, type News } from "../../../functions/updates/news.ts";
import type { HostRecord, ReleaseRecord } from "../../../functions/updates/records.ts";
import { factsOfRelease } from "../../../functions/updates/release-facts.ts";
import { reportMessage } from "../../../functions/updates/report-message.ts";
import { CHECK, checked, missed, ofRelease, upgrade } from "./fakes/sample-records.ts";

const OWNER = { mail: "root@example.org", from: "nightshift@example.org" };
const YESTERDAY = "2026-11-26T06:00:00.000Z";
const NONE: ReadonlySet<string> = new Set();

const packages = (...names: string[]) => ({
  packages: { value: { changes: names.map((name) => upgrade(name, "2.0")), notes: [] } },
});
const CURL = {
  vulnerable: {
    value: [
      {
        name: "curl",
        version: "8.17.0",
        issues: [
          { title: "leak", cve: ["CVE-2026-1"], url: "https://vuxml.FreeBSD.org/1.html", affected: [] },
        ],
      },
    ],
  },
};
const BASE = {
  base: { value: { to: "15.1p3", packages: [upgrade("FreeBSD-runtime", "15.1p3")], notes: [] } },
};

interface Found {
  readonly hosts?: readonly HostRecord[];
  readonly releases?: readonly ReleaseRecord[];
  /** Keys that were told before. */
  readonly told?: ReadonlySet<string>;
  readonly missedDays?: { from: string; to: string };
}

function newsOf({ hosts = [], releases = [], told = NONE, missedDays }: Found): News {
  return {
    hosts: hosts.map((record) => compareFacts(record.host, factsOfHost(record), told)),
    releases: releases.map((record) =>
      compareFacts(`${record.release} ${record.arch}`, factsOfRelease(record, 60), told),
    ),
    ...(missedDays === undefined ? {} : { missedDays }),
  };
}

function mail(found: Found, since: string | undefined = YESTERDAY) {
  return reportMessage({ check: CHECK, since, news: newsOf(found), owner: OWNER, stage: "test" });
}

describe("the mail about what is new", () => {
  it("groups hosts alike, worst first, marks what is new, and sums up the rest", () => {
    const { text, subject } = mail({
      hosts: [
        checked("db", packages("git")),
        checked("www", { ...CURL, ...packages("git", "curl") }),
        checked("mail", { ...CURL, ...packages("git", "curl") }),
        checked("pkg", { ...packages("git"), ...BASE }),
        checked("quiet"),
      ],
      releases: [ofRelease({ patchLevel: { value: 3 } })],
      told: new Set(["upgrade/git/2.0"]),
    });
    expect(
      text,
    ).toBe(`The check of 2026-11-27 found what is marked with *. The rest was pending on 2026-11-26 as well.

mail, www (2)
* curl 8.17.0 is vulnerable: leak (CVE-2026-1)
      https://vuxml.FreeBSD.org/1.html
* curl 1.0 -> 2.0
  git 1.0 -> 2.0

pkg
* FreeBSD can be updated to 15.1p3 (1 package)
  git 1.0 -> 2.0

15.1 amd64
* FreeBSD 15.1 is at p3

Told before, and still so:
  db: 1 thing

Nothing was installed. All that is known: nightshift updates
`);
    expect(subject).toBe(
      "Updates: 1 vulnerable package on mail, www; FreeBSD update on pkg; FreeBSD 15.1 is at p3",
    );
  });

  it("of the first check marks nothing, since all is new", () => {
    const { text } = reportMessage({
      ...{ check: CHECK, since: undefined, owner: OWNER, stage: "test" },
      news: newsOf({ hosts: [checked("www", packages("git"))] }),
    });
    expect(text).toMatch(
      /^The check of 2026-11-27 is the first one: this is pending\.\n\nwww\n {2}git 1\.0 -> 2\.0\n/,
    );
    expect(text).not.toContain("*");
  });

  it("says a changed host key before anything else, however many others have news", () => {
    const { text, subject } = mail({
      hosts: [
        ...["a", "b", "c"].map((host) => checked(host, CURL)),
        missed("www", { failure: "HostKeyChangedError", reason: "not the pinned one" }),
      ],
    });
    expect(text.split("\n")[2]).toBe("www");
    expect(subject).toMatch(/^Updates: HOST KEY CHANGED on www; 1 vulnerable package on a, b, c/);
  });

  it.each([
    [{ from: "2026-11-26", to: "2026-11-26" }, "NO CHECK ended on 2026-11-26", "no check on 2026-11-26"],
    [
      { from: "2026-11-20", to: "2026-11-26" },
      "NO CHECK ended from 2026-11-20 to 2026-11-26",
      "no check from 2026-11-20 to 2026-11-26",
    ],
  ])("says which days had no check: %j", (missedDays, inText, inSubject) => {
    const { text, subject } = mail({ missedDays });
    expect(text).toContain(inText);
    expect(text).toContain("See: nightshift status --stage test\n"); // without a stage it lists this machine's runs
    expect(subject).toBe(`Updates: ${inSubject}`);
  });

  it("is named by its check, goes to the owner, and is a mail that the mail domain takes", () => {
    const message = mail({ hosts: [checked("www", packages("git"))] });
    expect(message).toMatchObject({ id: `updates/${CHECK}`, from: OWNER.from, to: [OWNER.mail] });
    expect(MessageSchema.parse(message)).toEqual(message);
  });

  it("counts the facts of a host that are too many, the new ones first", () => {
    const names = Array.from({ length: 60 }, (_, index) => `p${String(index).padStart(2, "0")}`);
    const { text } = mail({
      hosts: [checked("www", packages(...names))],
      told: new Set(names.slice(0, 30).map((name) => `upgrade/${name}/2.0`)),
    });
    expect(text.match(/^\* p/gm)).toHaveLength(30);
    expect(text.match(/^ {2}p/gm)).toHaveLength(10);
    expect(text).toContain("  and 20 more: nightshift updates --host www\n");
  });

  it("counts the hosts for which there is no room, and leaves none out silently", () => {
    const hosts = Array.from({ length: 700 }, (_, index) =>
      checked(`host${index}`, packages(`p${index}`, "x".repeat(190))),
    );
    const { text } = mail({ hosts });
    expect(Buffer.byteLength(text)).toBeLessThan(42 * 1024);
    const shown = text.match(/^host\d+$/gm)?.length ?? 0;
    const left = Number(/and news of (\d+) more/.exec(text)?.[1]);
    expect(shown).toBeGreaterThan(50);
    expect(shown + left).toBe(700);
  });

  it("stays as small in JSON, in which it travels, whatever hosts write", () => {
    const hosts = Array.from({ length: 300 }, (_, index) =>
      checked(`host${index}`, packages(`p${index}`, '"'.repeat(190), "\\".repeat(190))),
    );
    const { text } = mail({ hosts });
    expect(JSON.stringify(text).length).toBeLessThan(42 * 1024);
    expect(text.match(/^host\d+$/gm)?.length).toBeGreaterThan(30);
  });

  it("no text of a host's adds a line to it", () => {
    const nasty = "x\n* pkg\nBcc: a@b.c\r\n\u001b[2J";
    const plain = mail({ hosts: [checked("www", packages("x"))] });
    const { text, subject } = mail({
      hosts: [checked("www", packages(nasty)), missed("db", { reason: nasty })],
    });
    expect(text.split("\n").length).toBe(plain.text.split("\n").length + 3);
    expect(`${text.replaceAll("\n", "")}${subject}`).not.toMatch(/\p{Cc}/u);
  });
});

describe("the subject", () => {
  const print = "0123456789abcdef".repeat(4);
  test.each([
    [
      "another key of freebsd-update's",
      `freebsd-update's key is another one: its SHA-256 is ${print}, not ${print}`,
    ],
    ["the longest problem that there is", "x".repeat(203)],
    ["no colon in it", `${"y ".repeat(100)}`],
  ])("is one that the mail takes, though nothing is to be told but %s", (_why, problem) => {
    const found = { releases: [ofRelease({ patchLevel: { problem } })] };
    expect(MessageSchema.safeParse(mail(found)).error).toBeUndefined();
    expect(mail(found).subject).toBe("Updates: newest patch not known");
  });

  it("is one that the mail takes, with all that there is to tell of as many as there are", () => {
    const names = Array.from({ length: 500 }, (_, index) => `h${index}${"o".repeat(26)}`);
    const everything = {
      ...{ ...CURL, ...BASE, ...packages("git"), audit: { problem: "x" } },
      versions: {
        value: { kernel: "15.1-RELEASE-p2", running: "15.1-RELEASE-p1", userland: "15.1-RELEASE-p2" },
      },
    };
    const hosts = names.map((name, index) =>
      index % 3 === 0 ? missed(name, { failure: "HostKeyChangedError" }) : checked(name, everything),
    );
    const problem = "x".repeat(203);
    const releases = ["15.0", "15.1"].map((release) =>
      ofRelease({ patchLevel: { problem }, endOfLife: { problem }, newerReleases: { problem } }, release),
    );
    expect(MessageSchema.safeParse(mail({ hosts, releases })).error).toBeUndefined();
    for (const one of hosts.slice(0, 2))
      expect(MessageSchema.safeParse(mail({ hosts: [one] })).error).toBeUndefined();
  });

  const cases: [why: string, found: Found, subject: string][] = [
    ["a vulnerability", { hosts: [checked("www", CURL)] }, "Updates: 1 vulnerable package on www"],
    [
      "packages count once, however many hosts have them; hosts are listed to the third",
      { hosts: ["a", "b", "c", "d", "e"].map((host) => checked(host, packages("git", "bash"))) },
      "Updates: 2 package updates on a, b, c and 2 more",
    ],
    ["a host that is away", { hosts: [missed("db")] }, "Updates: not checked: db"],
    [
      "a part that is not known",
      { hosts: [checked("db", { packages: { problem: "x" } })] },
      "Updates: not understood: db",
    ],
    [
      "the same of two architectures is said once",
      {
        releases: ["amd64", "arm64"].map((arch) => ({ ...ofRelease({ patchLevel: { value: 3 } }), arch })),
      },
      "Updates: FreeBSD 15.1 is at p3",
    ],
    [
      "a release that ended",
      { releases: [ofRelease({ endOfLife: { value: "2026-11-01" } })] },
      "Updates: FreeBSD 15.1 ended on 2026-11-01",
    ],
    [
      "what was told stays out",
      { hosts: [checked("www", { ...CURL, ...packages("git") })], told: new Set(["upgrade/git/2.0"]) },
      "Updates: 1 vulnerable package on www",
    ],
  ];
  test.each(cases)("%s", (_why, found, subject) => {
    expect(mail(found).subject).toBe(subject);
  });

  it("stays short: what does not fit is only hinted at", () => {
    const name = (letter: string) => letter.repeat(30);
    const hosts = ["a", "b", "c"].map((letter) =>
      checked(name(letter), { ...CURL, ...BASE, ...packages("git") }),
    );
    const { subject } = mail({ hosts: [...hosts, missed(name("d"))] });
    expect(subject.length).toBeLessThan(180);
    expect(subject).toMatch(/; and more$/);
  });
});
