import type { PackageChange } from "../condition.ts";
import { isAtLeast, lines, type ProgramAnswer } from "./answer.ts";

/** Headings, in the order in which pkg prints them (pkg, libpkg/pkg_jobs.h and src/utils.c). */
const SECTIONS: readonly { readonly what: PackageChange["what"]; readonly heading: string }[] = [
  { what: "locked", heading: "Installed packages LOCKED:" },
  { what: "install", heading: "New packages to be INSTALLED:" },
  { what: "upgrade", heading: "Installed packages to be UPGRADED:" },
  { what: "downgrade", heading: "Installed packages to be DOWNGRADED:" },
  { what: "reinstall", heading: "Installed packages to be REINSTALLED:" },
  { what: "remove", heading: "Installed packages to be REMOVED:" },
];

/** The counts at the end, in another order. */
const COUNTS: readonly (readonly [PackageChange["what"], string])[] = [
  ["remove", "removed"],
  ["install", "installed"],
  ["upgrade", "upgraded"],
  ["downgrade", "downgraded"],
  ["reinstall", "reinstalled"],
];

export interface DryRun {
  readonly changes: readonly PackageChange[];
  /** How many packages are installed. */
  readonly checked: number;
  /** The version of pkg that is running. */
  readonly pkg: string;
  /** Names of packages with known vulnerabilities. */
  readonly vulnerable: ReadonlySet<string>;
  /** The version of a pkg that goes first. */
  readonly newPkg?: string | undefined;
}

/**
 * What `pkg upgrade -qn` prints (pkg, src/upgrade.c, src/utils.c): nothing when there is nothing to do. Before 2.4.0 it
 * ended with 1 when there was; vulnerable packages are marked from 2.8.0 on.
 */
export function pkgUpgrade(run: DryRun): ProgramAnswer {
  const { newPkg, pkg } = run;
  const changes: readonly PackageChange[] =
    newPkg === undefined ? run.changes : [{ what: "upgrade", name: "pkg", version: pkg, to: newPkg }];
  if (changes.length === 0) return { stdout: "", status: 0 };
  const notice = newPkg === undefined ? [] : ["New version of pkg detected; it needs to be installed first."];
  const marked = isAtLeast(pkg, "2.8.0") ? run.vulnerable : new Set<string>();
  const stdout = lines(
    notice,
    `The following ${changes.length} package(s) will be affected (of ${run.checked} checked):`,
    "",
    SECTIONS.flatMap(({ what, heading }) => section(heading, changesOf(changes, what), marked)),
    counts(changes),
    sizes(changes),
    warning(changes, marked),
  );
  return { stdout, status: isAtLeast(pkg, "2.4.0") ? 0 : 1 };
}

/** What a catalogue that cannot be fetched looks like, on standard error. */
export function brokenRepository(name: string, url: string): ProgramAnswer {
  const stderr = lines(
    `pkg: ${url}/meta.conf: Could not resolve hostname`,
    `pkg: repository ${name} has no meta file, using default settings`,
    `pkg: ${url}/packagesite.pkg: Could not resolve hostname`,
    `Unable to update repository ${name}`,
    "Error updating repositories!",
  );
  return { stdout: "", stderr, status: 1 };
}

/** A repository that was built for a newer FreeBSD. Nobody is at a terminal to answer. */
export function newerFreebsd(name: string, abi: string, running: string): ProgramAnswer {
  const [major = 0, minor = 0] = running.split(".").map(Number);
  const number = (of: number) => String(major * 100_000 + of * 1000);
  const stdout = lines(
    "Newer FreeBSD version for package zstd:",
    "To ignore this error set IGNORE_OSVERSION=yes",
    `- package: ${number(minor + 1)}`,
    `- running userland: ${number(minor)}`,
    "Ignore the mismatch and continue? [y/N]: ",
  );
  const stderr = lines(
    `pkg: repository ${name} contains packages for wrong OS version: ${abi}`,
    `Unable to update repository ${name}`,
    "Error updating repositories!",
  );
  return { stdout, stderr, status: 1 };
}

function changesOf(changes: readonly PackageChange[], what: PackageChange["what"]): PackageChange[] {
  return changes.filter((change) => change.what === what);
}

function section(heading: string, changes: readonly PackageChange[], vulnerable: ReadonlySet<string>) {
  return changes.length === 0
    ? []
    : [heading, ...changes.map((change) => `\t${item(change, vulnerable)}`), ""];
}

function item(change: PackageChange, vulnerable: ReadonlySet<string>): string {
  const { what, name, version, to, repository, reason } = change;
  if (what === "locked")
    return `Package ${name}-${version} is locked and may not be upgraded to version ${to}`;
  const where = repository === undefined ? "" : ` [${repository}]`;
  if (what === "reinstall") return `${name}-${version}${where}${reason === undefined ? "" : ` (${reason})`}`;
  if (what === "remove") return `${name}: ${version}`;
  const versions = to === undefined ? version : `${version} -> ${to}`;
  return `${name}: ${versions}${where}${vulnerable.has(name) ? " (vulnerable!)" : ""}`;
}

function counts(changes: readonly PackageChange[]): string[] {
  return COUNTS.flatMap(([what, done]) => {
    const number = changesOf(changes, what).length;
    return number === 0 ? [] : [`Number of packages to be ${done}: ${number}`];
  });
}

/** pkg leaves out a line whose number would be 0. */
function sizes(changes: readonly PackageChange[]): string[] {
  const fetched = changes.filter(({ what }) => what !== "remove" && what !== "locked").length;
  const added = changesOf(changes, "install").length;
  const space = added === 0 ? [] : [`The process will require ${12 * added} MiB more space.`];
  const download = fetched === 0 ? [] : [`${2 * fetched} MiB to be downloaded.`];
  const all = [...space, ...download];
  return all.length === 0 ? [] : ["", ...all];
}

function warning(changes: readonly PackageChange[], vulnerable: ReadonlySet<string>): string[] {
  const number = changes.filter(({ name, what }) => what === "upgrade" && vulnerable.has(name)).length;
  return number === 0 ? [] : ["", `WARNING: ${number} package(s) have known vulnerabilities`];
}
