import { describe, expect, test } from "@jest/globals";
import type { PackageChange } from "../../../../functions/updates/findings.ts";
import { boundedUpdates, readPkgUpgrade } from "../../../../functions/updates/parsing/pkg-upgrade.ts";
import { packagesOfBase } from "../../../../functions/updates/parsing/pkgbase.ts";
import { section } from "./sections.ts";

/** Every part of the summary that pkg 2.8 prints with several repositories on. */
const WHOLE = `The following 6 package(s) will be affected (of 57 checked):

Installed packages LOCKED:
	Package openssl-3.0.1,1 is locked and may not be upgraded to version 3.0.2,1
	Package foo-bar-1.0 is locked and may not be deinstalled

New packages to be INSTALLED:
	FreeBSD-pam: 15.1 [FreeBSD-base]

Installed packages to be UPGRADED:
	FreeBSD-kernel-generic: 15.1 -> 15.1p3 [FreeBSD-base]
	curl: 8.17.0 -> 8.18.0 [mine] (vulnerable!)

Installed packages to be DOWNGRADED:
	py311-foo: 2.0_1,1 -> 1.9,1 [mine]

Installed packages to be REINSTALLED:
	nginx-1.28.0_2,3 [mine] (required shared library changed)

Installed packages to be REMOVED:
	mymeta: 1
	old-one-0.5 (depends on mymeta)

New packages to be FETCHED:
	gmake-4.4.1 (12.34% of 5 MiB: 633 KiB)

Number of packages to be removed: 2
Number of packages to be installed: 1
Number of packages to be upgraded: 2
Number of packages to be reinstalled: 1

The process will require 12 MiB more space.
4 MiB to be downloaded.

WARNING: 1 package(s) have known vulnerabilities
`;
const CHANGES: PackageChange[] = [
  { name: "openssl", action: "locked", from: "3.0.1,1", to: "3.0.2,1", vulnerable: false },
  { name: "foo-bar", action: "locked", from: "1.0", vulnerable: false },
  { name: "FreeBSD-pam", action: "install", to: "15.1", repository: "FreeBSD-base", vulnerable: false },
  {
    ...{ name: "FreeBSD-kernel-generic", action: "upgrade", from: "15.1", to: "15.1p3" },
    ...{ repository: "FreeBSD-base", vulnerable: false },
  } as PackageChange,
  { name: "curl", action: "upgrade", from: "8.17.0", to: "8.18.0", repository: "mine", vulnerable: true },
  {
    name: "py311-foo",
    action: "downgrade",
    from: "2.0_1,1",
    to: "1.9,1",
    repository: "mine",
    vulnerable: false,
  },
  {
    ...{ name: "nginx", action: "reinstall", from: "1.28.0_2,3", to: "1.28.0_2,3" },
    ...{ reason: "required shared library changed", repository: "mine", vulnerable: false },
  } as PackageChange,
  { name: "mymeta", action: "remove", from: "1", vulnerable: false },
  { name: "old-one", action: "remove", from: "0.5", reason: "depends on mymeta", vulnerable: false },
  { name: "gmake", action: "fetch", to: "4.4.1", vulnerable: false },
];

/** What comes before the summary without -q. */
const TALK = `Updating mine repository catalogue...
Fetching meta.conf: 100%    179 B   0.2kB/s    00:01
Fetching data.pkg: 100%   80 KiB  81.6kB/s    00:01
Processing entries: 100%
mine repository update completed. 57 packages processed.
FreeBSD-base is up to date.
All repositories are up to date.
Checking for upgrades (2 candidates): 100%
Processing candidates (2 candidates): 100%
Checking integrity... done (2 conflicting)
  - luajit-2.0.5_6 conflicts with luajit-devel-2.1.0.20230712 on /usr/local/bin/luajit
Checking integrity... done (0 conflicting)
`;
const ONE = `The following 1 package(s) will be affected (of 0 checked):

Installed packages to be UPGRADED:
	pkg: 1.8.7_3 -> 1.8.8

Number of packages to be upgraded: 1

The operation will free 9 MiB.
3 MiB to be downloaded.
`;
const PKG = { name: "pkg", action: "upgrade", from: "1.8.7_3", to: "1.8.8", vulnerable: false };
const NEWER = `Newer FreeBSD version for package zziplib:
To ignore this error set IGNORE_OSVERSION=yes
- package: 1501000
- running userland: 1500068
Ignore the mismatch and continue? [y/N]:
`;

describe("what pkg upgrade -n proposes", () => {
  const said: [why: string, text: string, status: number, value: { changes: unknown[]; notes: unknown[] }][] =
    [
      ["every section", WHOLE, 0, { changes: CHANGES, notes: [] }],
      ["the same before pkg 2.4: status 1 means nothing", WHOLE, 1, { changes: CHANGES, notes: [] }],
      ["not quiet: what else pkg tells is no change", TALK + WHOLE, 0, { changes: CHANGES, notes: [] }],
      ["one repository: no name of it", ONE, 0, { changes: [PKG], notes: [] }],
      ["up to date, quiet: nothing at all", "", 0, { changes: [], notes: [] }],
      ["up to date, in words", `${TALK}Your packages are up to date.\n`, 0, { changes: [], notes: [] }],
      [
        "pkg itself first: what else there is, it does not say",
        `New version of pkg detected; it needs to be installed first.\n${ONE}`,
        0,
        { changes: [PKG], notes: [expect.stringContaining("pkg itself is to be upgraded first")] },
      ],
      [
        "something that is not understood beside changes is shown",
        `pkg: Warning: something odd\n${ONE}`,
        0,
        { changes: [PKG], notes: ['pkg also said: "pkg: Warning: something odd"'] },
      ],
      [
        "a package that is locked, and nothing else to be done",
        "\ngthumb-3.12.2_13 is locked and may not be modified\n",
        0,
        { changes: [], notes: ["gthumb-3.12.2_13 is locked, and left as it is"] },
      ],
      [
        "reasons without a repository, and removals as they were before",
        `Installed packages to be REINSTALLED:
	pkgl-4.0 (direct dependency changed: pkgb)

Installed packages to be REMOVED:
	pkgr-2.0 [FreeBSD]

Installed packages to be UPGRADED:
	pkgc: 3.0 -> 3.1 [FreeBSD] (dependency changed)
`,
        0,
        {
          changes: [
            {
              ...{ name: "pkgl", action: "reinstall", from: "4.0", to: "4.0" },
              ...{ reason: "direct dependency changed: pkgb", vulnerable: false },
            },
            { name: "pkgr", action: "remove", from: "2.0", repository: "FreeBSD", vulnerable: false },
            {
              ...{ name: "pkgc", action: "upgrade", from: "3.0", to: "3.1" },
              ...{ repository: "FreeBSD", reason: "dependency changed", vulnerable: false },
            },
          ],
          notes: [],
        },
      ],
      [
        "groups have no versions",
        "New groups to be INSTALLED:\n\tdesktop\n\nInstalled groups to be UPGRADED:\n\tserver\n",
        0,
        {
          changes: [
            { name: "desktop", action: "install", vulnerable: false },
            { name: "server", action: "upgrade", vulnerable: false },
          ],
          notes: [],
        },
      ],
    ];
  test.each(said)("%s", (_why, text, status, value) => {
    expect(readPkgUpgrade(section(text, status))).toEqual({ value });
  });
});

describe("what is a problem, and never up to date", () => {
  const problems: [why: string, text: string, status: number, problem: RegExp][] = [
    ["nothing, and a status that is no good", "", 1, /said nothing \(status 1\)/],
    [
      "a repository that is not reached",
      "pkg: https://pkg.FreeBSD.org/meta.txz: No address record\nUnable to update repository FreeBSD-ports\nError updating repositories!\n",
      1,
      /Unable to update repository/,
    ],
    [
      "a repository that is not reached, though a locked package is spoken of",
      "foo-1.0 is locked and may not be modified\nUnable to update repository FreeBSD-ports\n",
      1,
      /Unable to update repository/,
    ],
    [
      "a repository of a newer FreeBSD: FreeBSD is to be upgraded, and of packages nothing is known",
      `${TALK}${NEWER}`,
      1,
      /^packages want a newer FreeBSD, zziplib to begin with \(package 1501000, running userland 1500068\)$/,
    ],
    ["no trusted key", "pkg: No trusted public keys found\n", 1, /No trusted public keys/],
    ["no repository", "pkg: No active remote repositories configured.\n", 1, /No active remote/],
    [
      "the database is locked",
      "pkg: Cannot get an advisory lock on a database, it is locked by another process\n",
      1,
      /advisory lock/,
    ],
    [
      "an error that claims to be none",
      "pkg: Repository mine cannot be opened. 'pkg update' required\n",
      0,
      /cannot be opened/,
    ],
    [
      "not there yet, and not let in",
      "The package management tool is not yet installed on your system.\n",
      1,
      /not yet installed/,
    ],
    [
      "changes are spoken of, and none is understood",
      "Installed packages to be UPGRADED:\n\t(none)\n",
      0,
      /nobody understands/,
    ],
    [
      "a header alone",
      "The following 3 package(s) will be affected (of 0 checked):\n",
      0,
      /nobody understands/,
    ],
    [
      "up to date, and something else",
      "Your packages are up to date.\nSegmentation fault\n",
      0,
      /Segmentation fault/,
    ],
    ["up to date, but status 70", "Your packages are up to date.\n", 70, /status 70/],
    ["changes, but it was killed", ONE, 137, /took too long/],
    ["changes, and a status that pkg does not have", ONE, 3, /status 3/],
    ["it hung", "", 124, /took too long/],
    ["no such program", "", 127, /no pkg upgrade/],
  ];
  test.each(problems)("%s", (_why, text, status, problem) => {
    expect(readPkgUpgrade(section(text, status))).toEqual({ problem: expect.stringMatching(problem) });
  });

  const odd: [why: string, item: string][] = [
    ["a name with markup", "<b>x</b>: 1 -> 2"],
    ["a name that is an option", "-rf: 1 -> 2"],
    ["a version with a quote", 'x: 1" -> 2'],
    ["an escape sequence", "x\u001b[2J: 1 -> 2"],
    ["three versions", "x: 1 -> 2 -> 3"],
    ["something behind", "x: 1 -> 2 and more"],
    ["a name of 100 letters", `${"x".repeat(100)}: 1 -> 2`],
    ["a long line", `x: 1 -> 2 (${"y".repeat(10_000)})`],
  ];
  test.each(odd)("an item with %s is none, and is shown as what it is", (_why, item) => {
    const found = readPkgUpgrade(section(`${ONE.replace("\tpkg", `\t${item}\n\tpkg`)}`));
    expect(found).toEqual({ value: { changes: [PKG], notes: [expect.stringMatching(/^pkg also said/)] } });
    expect(JSON.stringify(found)).not.toContain("\\u001b");
    expect(JSON.stringify(found).length).toBeLessThan(500);
  });

  test("an output that was cut says up to date no more, and of changes that there are more", () => {
    expect(readPkgUpgrade(section("Your packages are up to date.\n", 0, true))).toHaveProperty("problem");
    expect(readPkgUpgrade(section(ONE, 0, true))).toEqual({
      value: { changes: [PKG], notes: ["the list of packages was too long to be read to its end"] },
    });
  });
});

test("of changes there are no more than anybody reads", () => {
  const changes = Array.from(
    { length: 400 },
    (_, number) => ({ ...CHANGES[2], name: `p${number}` }) as PackageChange,
  );
  const { changes: kept, notes } = boundedUpdates({ changes, notes: ["a", "a", ..."bcdefghijk"] });
  expect(kept).toHaveLength(120);
  expect(notes).toEqual(["and 280 more packages", ..."abcdefg", "and 4 more notes"]);
});

describe("the base system as packages", () => {
  const upgrade = (to: string): PackageChange => ({
    name: "FreeBSD-x",
    action: "upgrade",
    from: "15.1",
    to,
    vulnerable: false,
  });

  test("leads to the newest of its versions, by pkg's order, even one that is not kept", () => {
    const changes = [
      ...Array.from({ length: 200 }, () => upgrade("15.1p9")),
      upgrade("15.1p10"),
      upgrade("15.1p2"),
    ];
    const base = packagesOfBase({ changes, notes: [] });
    expect(base).toMatchObject({ value: { to: "15.1p10", notes: ["and 82 more packages"] } });
  });

  test("is not up to date when packages only go away", () => {
    const changes: PackageChange[] = [
      { name: "FreeBSD-x", action: "remove", from: "15.1", vulnerable: false },
    ];
    expect(packagesOfBase({ changes, notes: [] })).toEqual({
      value: { to: "15.1", packages: changes, notes: [] },
    });
  });

  test("is up to date when nothing is proposed and nothing else said", () => {
    expect(packagesOfBase({ changes: [], notes: [] })).toEqual({ value: { notes: [] } });
  });

  test("is not known to be when pkg said something else", () => {
    expect(packagesOfBase({ changes: [], notes: ["packages want a newer FreeBSD"] })).toEqual({
      problem: "packages want a newer FreeBSD",
    });
  });
});
