import { describe, expect, it } from "@jest/globals";
import type { PackageChange } from "../../../local/host/condition.ts";
import {
  brokenRepository,
  type DryRun,
  newerFreebsd,
  pkgUpgrade,
} from "../../../local/host/formats/pkg-upgrade.ts";

const CHANGES: readonly PackageChange[] = [
  { what: "remove", name: "mymeta", version: "1" },
  { what: "install", name: "FreeBSD-pam", version: "15.1", repository: "FreeBSD-base" },
  {
    what: "upgrade",
    name: "FreeBSD-kernel-generic",
    version: "15.1",
    to: "15.1p3",
    repository: "FreeBSD-base",
  },
  { what: "upgrade", name: "curl", version: "8.17.0", to: "8.18.0", repository: "mine" },
  {
    what: "reinstall",
    name: "nginx",
    version: "1.28.0_2,3",
    repository: "mine",
    reason: "required shared library changed",
  },
];

/** pkg 2.8 over 57 packages. */
function dryRun(changes: Partial<DryRun> = {}) {
  return pkgUpgrade({
    changes: CHANGES,
    checked: 57,
    pkg: "2.8.4",
    vulnerable: new Set(["curl"]),
    ...changes,
  });
}

describe("what pkg upgrade -qn prints", () => {
  it("is pkg's own dry run, to the letter (pkg 2.8, src/utils.c)", () => {
    expect(dryRun()).toEqual({
      status: 0,
      stdout: `The following 5 package(s) will be affected (of 57 checked):

New packages to be INSTALLED:
\tFreeBSD-pam: 15.1 [FreeBSD-base]

Installed packages to be UPGRADED:
\tFreeBSD-kernel-generic: 15.1 -> 15.1p3 [FreeBSD-base]
\tcurl: 8.17.0 -> 8.18.0 [mine] (vulnerable!)

Installed packages to be REINSTALLED:
\tnginx-1.28.0_2,3 [mine] (required shared library changed)

Installed packages to be REMOVED:
\tmymeta: 1

Number of packages to be removed: 1
Number of packages to be installed: 1
Number of packages to be upgraded: 2
Number of packages to be reinstalled: 1

The process will require 12 MiB more space.
8 MiB to be downloaded.

WARNING: 1 package(s) have known vulnerabilities
`,
    });
  });

  it("is nothing when there is nothing to do, whatever the version", () => {
    for (const pkg of ["1.21.3", "2.8.4"])
      expect(dryRun({ changes: [], pkg })).toEqual({ status: 0, stdout: "" });
  });

  it.each([
    ["1.21.3", 1, false, "pkg 1.x"],
    ["2.3.1", 1, false, "the last one that ended with 1"],
    ["2.4.0", 0, false, "upgrade: fix dry_run"],
    ["2.7.0", 0, false, "not yet marked"],
    ["2.8.0", 0, true, "marked from here on"],
  ])("pkg %s ends with %d, marks vulnerable packages: %s (%s)", (pkg, status, marks) => {
    const answer = dryRun({ pkg });
    expect(answer.status).toBe(status);
    expect(answer.stdout.includes("(vulnerable!)")).toBe(marks);
    expect(answer.stdout.includes("WARNING:")).toBe(marks);
  });

  it("is pkg alone when there is a new version of it", () => {
    expect(
      dryRun({ pkg: "2.4.2", newPkg: "2.8.4" }).stdout,
    ).toBe(`New version of pkg detected; it needs to be installed first.
The following 1 package(s) will be affected (of 57 checked):

Installed packages to be UPGRADED:
\tpkg: 2.4.2 -> 2.8.4

Number of packages to be upgraded: 1

2 MiB to be downloaded.
`);
  });

  it("tells of locked packages first, and does not count them", () => {
    const changes = [{ what: "locked", name: "qmail", version: "1.03_12", to: "1.03_13" } as const];
    expect(dryRun({ changes }).stdout).toContain(
      "Installed packages LOCKED:\n\tPackage qmail-1.03_12 is locked and may not be upgraded to version 1.03_13\n",
    );
    expect(dryRun({ changes }).stdout).not.toContain("Number of");
  });
});

it("a broken repository is told on standard error, with status 1", () => {
  expect(brokenRepository("mine", "https://pkg.example.org")).toMatchObject({
    status: 1,
    stdout: "",
    stderr: expect.stringMatching(/\nUnable to update repository mine\nError updating repositories!\n$/),
  });
});

it("a repository for a newer FreeBSD asks a question that nobody answers", () => {
  expect(
    newerFreebsd("mine", "FreeBSD:15:amd64", "15.0").stdout,
  ).toBe(`Newer FreeBSD version for package zstd:
To ignore this error set IGNORE_OSVERSION=yes
- package: 1501000
- running userland: 1500000
Ignore the mismatch and continue? [y/N]: 
`);
});
