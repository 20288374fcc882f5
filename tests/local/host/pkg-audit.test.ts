import { expect, it } from "@jest/globals";
import type { Vulnerability } from "../../../local/host/condition.ts";
import { pkgAuditJson, pkgAuditText } from "../../../local/host/formats/pkg-audit.ts";

const CURL: Vulnerability = {
  ...{ name: "curl", version: "8.17.0", affected: ["< 8.18.0"], description: "curl -- several" },
  ...{ cve: ["CVE-2026-1001"], vid: "abc" },
};

it("a vulnerable package is told in pkg's JSON, with status 1 (pkg, src/audit.c)", () => {
  const answer = pkgAuditJson([CURL, { ...CURL, vid: "def" }]);
  expect(answer.status).toBe(1);
  expect(JSON.parse(answer.stdout)).toEqual({
    pkg_count: 1,
    packages: {
      curl: {
        version: "8.17.0",
        issue_count: 2,
        issues: ["abc", "def"].map((vid) => ({
          "Affected versions": ["< 8.18.0"],
          description: "curl -- several",
          cve: ["CVE-2026-1001"],
          url: `https://vuxml.FreeBSD.org/freebsd/${vid}.html`,
        })),
        "reverse dependencies": [],
      },
    },
  });
});

it("without any there are no packages, and the status is 0", () => {
  expect(pkgAuditJson([])).toEqual({ status: 0, stdout: '{"pkg_count":0}\n' });
});

it("as text", () => {
  expect(pkgAuditText([CURL])).toEqual({
    status: 1,
    stdout: `curl-8.17.0 is vulnerable:
  curl -- several
  CVE: CVE-2026-1001
  WWW: https://vuxml.FreeBSD.org/freebsd/abc.html

1 problem(s) in 1 package(s) found.
`,
  });
});
