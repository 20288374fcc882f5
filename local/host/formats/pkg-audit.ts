import type { Vulnerability } from "../condition.ts";
import { lines, type ProgramAnswer } from "./answer.ts";

/**
 * What `pkg audit -q --raw=json-compact` prints (pkg, src/audit.c). Status 1 when something is vulnerable; errors end with 1
 * as well, and print no JSON.
 */
export function pkgAuditJson(vulnerabilities: readonly Vulnerability[]): ProgramAnswer {
  const packages = [...byName(vulnerabilities)].map(([name, [first, ...others]]) => {
    const all = first === undefined ? others : [first, ...others];
    const issues = all.map(({ affected, description, cve, vid }) => ({
      "Affected versions": affected,
      description,
      cve,
      url: urlOf(vid),
    }));
    return [
      name,
      { version: first?.version, issue_count: issues.length, issues, "reverse dependencies": [] },
    ];
  });
  const found = packages.length === 0 ? {} : { packages: Object.fromEntries(packages) };
  return {
    stdout: lines(JSON.stringify({ pkg_count: packages.length, ...found })),
    status: packages.length === 0 ? 0 : 1,
  };
}

/** What `pkg audit` prints without --raw. */
export function pkgAuditText(vulnerabilities: readonly Vulnerability[]): ProgramAnswer {
  const packages = byName(vulnerabilities);
  const blocks = [...packages.values()].flatMap((all) => [
    `${all[0]?.name}-${all[0]?.version} is vulnerable:`,
    ...all.flatMap(({ description, cve, vid }) => [
      `  ${description}`,
      ...cve.map((id) => `  CVE: ${id}`),
      `  WWW: ${urlOf(vid)}`,
      "",
    ]),
  ]);
  const summary = `${vulnerabilities.length} problem(s) in ${packages.size} package(s) found.`;
  return { stdout: lines(blocks, summary), status: packages.size === 0 ? 0 : 1 };
}

/** The list of vulnerabilities could not be fetched. */
export function pkgAuditBroken(): ProgramAnswer {
  const why = "Could not resolve hostname";
  return {
    stdout: "",
    stderr: lines(
      `pkg: https://vuxml.freebsd.org/freebsd/vuln.xml.xz: ${why}`,
      "pkg: cannot fetch vulnxml file",
    ),
    status: 1,
  };
}

function urlOf(vid: string): string {
  return `https://vuxml.FreeBSD.org/freebsd/${vid}.html`;
}

function byName(vulnerabilities: readonly Vulnerability[]): Map<string, Vulnerability[]> {
  return Map.groupBy(vulnerabilities, ({ name }) => name);
}
