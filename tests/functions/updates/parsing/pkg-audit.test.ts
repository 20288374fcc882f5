import { describe, expect, test } from "@jest/globals";
import { readPkgAudit } from "../../../../functions/updates/parsing/pkg-audit.ts";
import { section } from "./sections.ts";

const VID = "https://vuxml.FreeBSD.org/freebsd/47873d72-14eb-11e7-970f-002590263bf5.html";
const CURL = {
  version: "8.17.0",
  issue_count: 1,
  issues: [
    {
      "Affected versions": ["< 8.18.0", "> 9"],
      description: "curl -- several vulnerabilities",
      cve: ["CVE-2026-0001", "CVE-2026-12345"],
      url: VID,
    },
  ],
  "reverse dependencies": ["git"],
};

function audit(packages: unknown, count = 1): string {
  return JSON.stringify({ pkg_count: count, packages });
}
const withIssue = (change: object) =>
  audit({ x: { version: "1", issues: [{ ...CURL.issues[0], ...change }] } });
const issueOf = (text: string) => {
  const found = readPkgAudit(section(text, 1));
  return "value" in found ? found.value[0]?.issues[0] : found;
};

describe("what pkg audit found", () => {
  test("a vulnerable package, status 1", () => {
    expect(readPkgAudit(section(`${audit({ curl: CURL })}\n`, 1))).toEqual({
      value: [
        {
          name: "curl",
          version: "8.17.0",
          issues: [
            {
              title: "curl -- several vulnerabilities",
              cve: ["CVE-2026-0001", "CVE-2026-12345"],
              url: VID,
              affected: ["< 8.18.0", "> 9"],
            },
          ],
        },
      ],
    });
  });

  test.each([
    ["packages absent", '{"pkg_count":0}'],
    ["packages null", '{"pkg_count":0,"packages":null}'],
    ["packages empty", '{"pkg_count":0,"packages":{}}'],
    ["a warning before it", 'pkg: Warning: vuln.xml is older than 2 days\n{"pkg_count":0}'],
  ])("none is vulnerable: %s", (_why, text) => {
    expect(readPkgAudit(section(text))).toEqual({ value: [] });
  });

  test("they are sorted by name, as JSON's order is nobody's", () => {
    const found = readPkgAudit(section(audit({ zsh: CURL, apache: CURL, curl: CURL }, 3), 1));
    expect("value" in found && found.value.map(({ name }) => name)).toEqual(["apache", "curl", "zsh"]);
  });

  test("what a name means to JavaScript is nothing", () => {
    const text =
      '{"pkg_count":2,"packages":{"__proto__":{"version":"1","issues":[]},"constructor":{"version":"2"}}}';
    expect(readPkgAudit(section(text, 1))).toEqual({
      value: [
        { name: "__proto__", version: "1", issues: [] },
        { name: "constructor", version: "2", issues: [] },
      ],
    });
    expect(({} as { version?: string }).version).toBeUndefined();
  });

  test("an object's own fields count, not those of a prototype that it names", () => {
    const text = '{"pkg_count":1,"packages":{"x":{"__proto__":{"version":"inherited"}}}}';
    expect(readPkgAudit(section(text, 1))).toEqual({ value: [{ name: "x", version: "", issues: [] }] });
  });

  test("fields that are absent or of another kind are empty", () => {
    expect(issueOf(withIssue({ cve: null, url: 3, description: {}, "Affected versions": "all" }))).toEqual({
      ...{ title: "", cve: [], url: "", affected: [] },
    });
    expect(issueOf(audit({ x: { version: "1", issues: ["y"] } }))).toEqual({
      title: "",
      cve: [],
      url: "",
      affected: [],
    });
  });
});

describe("links lead to FreeBSD or nowhere: a host that was broken into chooses them", () => {
  test.each([
    ["VuXML, however it is written", VID.toLowerCase(), VID],
    [
      "FreeBSD's own pages",
      "https://www.freebsd.org/security/x.html",
      "https://www.FreeBSD.org/security/x.html",
    ],
    ["another host", "https://vuxml.FreeBSD.org.example.net/x.html", ""],
    ["another host, before an @", "https://vuxml.FreeBSD.org@example.net/x.html", ""],
    ["a password", "https://user:password@vuxml.FreeBSD.org/x.html", ""],
    ["another port", "https://vuxml.FreeBSD.org:8443/x.html", ""],
    ["no TLS", "http://vuxml.FreeBSD.org/x.html", ""],
    ["a script", "javascript:alert(1)//vuxml.FreeBSD.org/", ""],
    ["markup in the path", "https://vuxml.FreeBSD.org/<b>.html", ""],
    ["a query is left out", `${VID}?next=https://example.net/#x`, VID],
    ["a link without an end", `https://vuxml.FreeBSD.org/${"a".repeat(200)}`, ""],
    ["no link", "see elsewhere", ""],
  ])("%s", (_why, url, kept) => {
    expect(issueOf(withIssue({ url }))).toMatchObject({ url: kept });
  });
});

describe("texts and lists have an end, and no control characters", () => {
  test("texts", () => {
    const issue = issueOf(
      withIssue({
        description: `a\u001b[2J\u202e\n${"b".repeat(500)}`,
        cve: ["CVE-2026-0001\n", "CVE-1", "CVE-2026-0002"],
      }),
    );
    expect(issue).toMatchObject({ title: `a [2J ${"b".repeat(114)}...`, cve: ["CVE-2026-0002"] });
  });

  test("texts that are no Unicode, which not everything on the way to a mail takes", () => {
    const found = readPkgAudit(section(audit({ "x\ud800": { ...CURL, version: "\udc00" } }), 1));
    expect(found).toMatchObject({ value: [{ name: "x\ufffd", version: "\ufffd" }] });
    const description = `${"b".repeat(119)}\u{1f600} and more`;
    expect(issueOf(withIssue({ description }))).toMatchObject({ title: `${"b".repeat(119)}\ufffd...` });
  });

  test("packages: the last item tells of those that were left out", () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, number) => [`p${1000 + number}`, CURL]));
    const found = readPkgAudit(section(audit(many, 300), 1));
    const packages = "value" in found ? found.value : [];
    expect(packages).toHaveLength(31);
    expect(packages.at(-1)).toEqual({ name: "and 270 more packages", version: "", issues: [] });
  });

  test("issues: likewise", () => {
    const issues = Array.from({ length: 9 }, () => CURL.issues[0]);
    const found = readPkgAudit(section(audit({ x: { ...CURL, issues } }), 1));
    const [{ issues: kept } = { issues: [] }] = "value" in found ? found.value : [];
    expect(kept).toHaveLength(4);
    expect(kept.at(-1)).toEqual({ title: "and 6 more issues", cve: [], url: "", affected: [] });
  });
});

describe("what is a problem, and never no vulnerability", () => {
  test.each([
    ["nothing printed, status 1", "", 1, /said nothing/],
    ["nothing printed, status 0: who knows", "", 0, /said nothing/],
    [
      "no database",
      "pkg: vulnxml file (null) does not exist. Try running 'pkg audit -F' first\n",
      1,
      /vulnxml file/,
    ],
    [
      "not fetched",
      "pkg: http://vuxml.freebsd.org/freebsd/vuln.xml.xz: No address record\npkg: cannot fetch vulnxml file\n",
      1,
      /cannot fetch/,
    ],
    ["half a JSON", '{"pkg_count":0,', 0, /nobody understands/],
    ["JSON that is no object", "[]", 0, /nobody understands/],
    ["another object", "{}", 0, /contradicts/],
    ["a count that is no number", '{"pkg_count":"0"}', 0, /contradicts/],
    ["a count, and no packages", '{"pkg_count":3}', 1, /contradicts/],
    [
      "fewer packages than it counts: half a list",
      '{"pkg_count":2,"packages":{"x":{"version":"1","issues":[]}}}',
      1,
      /contradicts/,
    ],
    [
      "a package twice, of which JSON keeps the last",
      '{"pkg_count":2,"packages":{"x":{"version":"1","issues":[]},"x":{"version":"2","issues":[]}}}',
      1,
      /contradicts/,
    ],
    [
      "two answers, of which one says none",
      '{"pkg_count":0}\n{"pkg_count":1,"packages":{"x":{"version":"1"}}}',
      0,
      /nobody understands/,
    ],
    ["status 1, and none vulnerable", '{"pkg_count":0}', 1, /contradicts/],
    ["a list where names should be", '{"pkg_count":1,"packages":["x"]}', 1, /contradicts/],
    ["a text where a package should be", '{"pkg_count":1,"packages":{"x":"y"}}', 1, /contradicts/],
    ["it hung", '{"pkg_count":0}', 124, /took too long/],
    ["a status that pkg does not have", '{"pkg_count":0}', 2, /contradicts/],
  ])("%s", (_why, text, status, problem) => {
    expect(readPkgAudit(section(text, status))).toEqual({ problem: expect.stringMatching(problem) });
  });

  test("more than is kept", () => {
    expect(readPkgAudit(section('{"pkg_count":0}', 0, true))).toHaveProperty("problem");
  });
});
