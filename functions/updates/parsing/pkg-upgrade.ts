import type { PackageChange, PackageUpdates, Part } from "../findings.ts";
import { andMore, bounded, boundedNotes, KEPT, readable, shortened } from "./bounds.ts";
import { readChange } from "./package-change.ts";
import type { Section } from "./report-sections.ts";
import { failure, outsideTrouble } from "./trouble.ts";

/*
 * The output of `pkg upgrade -n`, quiet or not (pkg, src/upgrade.c and src/utils.c). Its exit status does not say
 * whether there are updates: with some it is 1 before pkg 2.4 and 0 since. Up to date is only what says so, or an empty
 * output with status 0, which is what -q makes of that.
 */

const PROGRAM = "pkg upgrade";

const HEADERS: readonly (readonly [RegExp, PackageChange["action"]])[] = [
  [/^Installed packages LOCKED:$/, "locked"],
  [/^New packages to be INSTALLED:$/, "install"],
  [/^Installed packages to be UPGRADED:$/, "upgrade"],
  [/^Installed packages to be DOWNGRADED:$/, "downgrade"],
  [/^Installed packages to be REINSTALLED:$/, "reinstall"],
  [/^Installed packages to be REMOVED:$/, "remove"],
  [/^New packages to be FETCHED:$/, "fetch"],
  [/^(New|Installed) groups to be INSTALLED:$/, "install"],
  [/^(New|Installed) groups to be UPGRADED:$/, "upgrade"],
];

const UP_TO_DATE = /^Your packages are up to date\.$/;

/** What proposes nothing. */
const CHATTER: readonly RegExp[] = [
  /^$/,
  UP_TO_DATE,
  /^Updating .{1,80} repository catalogue\.\.\.$/,
  /^(All repositories are|.{1,80} repository is|.{1,80} is) up.to.date\.$/,
  /^(\[[^\]]{1,80}\] )?Fetching .{1,200}$/,
  /^Processing (entries|candidates).{0,80}$/,
  /^Checking (for upgrades|integrity).{0,80}$/,
  /^.{1,80} repository update completed\..{0,60}$/,
  /^ {2}- .{1,200} conflicts with .{1,200}$/,
  /^The following \d+ package\(s\) will be affected \(of \d+ checked\):$/,
  /^Number of (packages|groups) to be .{1,40}$/,
  /^The (process will require|operation will free) .{1,40}\.$/,
  /^[\d.]+ \S{1,5} to be downloaded\.$/,
  /^WARNING: \d+ package\(s\) have known vulnerabilities$/,
  /^To ignore this error set IGNORE_OSVERSION=yes$/,
  /^Ignore the mismatch and continue\? \[[Yy]\/[Nn]\]:$/,
];

const PKG_FIRST = /^New version of pkg detected; it needs to be installed first\.$/;
const LOCKED = /^(\S{1,120}) is locked and may not be modified$/;
const NEWER_FREEBSD = /^Newer FreeBSD version for package (\S{1,100}):$/;
const ITS_VERSIONS = /^- (package|running (?:userland|kernel)): (\d{6,8})$/;

interface Found {
  changes: PackageChange[];
  notes: string[];
  /** Notes on locked packages, which do not say that there is nothing else. */
  locked: string[];
  unknown: string[];
  saysUpgrades: boolean;
}

/** Reads what `pkg upgrade -n` proposed: all of it, so boundedUpdates() comes before it is kept. */
export function readPkgUpgrade(section: Section): Part<PackageUpdates> {
  const trouble = outsideTrouble(section, PROGRAM);
  if (trouble !== undefined) return { problem: trouble };
  const lines = readable(section.lines);
  const { changes, notes, locked, unknown, saysUpgrades } = gather(lines);
  const isQuiet =
    lines.every((line) => line === "" || LOCKED.test(line)) || lines.some((line) => UP_TO_DATE.test(line));
  const isUnclear = !isQuiet || unknown.length > 0 || saysUpgrades || section.isCut || section.status !== 0;
  // Only changes are an answer: a reason for having none leaves open whether there are some.
  if (section.status > 1 || (changes.length === 0 && isUnclear))
    return { problem: notes.length > 0 ? notes.join("; ") : problemOf(section, unknown, lines) };
  return {
    value: {
      changes,
      notes: [
        ...(section.isCut ? ["the list of packages was too long to be read to its end"] : []),
        ...notes,
        ...locked,
        ...unknown.map((line) => `pkg also said: "${shortened(line, 120)}"`),
      ],
    },
  };
}

/** As many changes and notes as are kept of a host. */
export function boundedUpdates({ changes, notes }: PackageUpdates): PackageUpdates {
  const { kept, more } = bounded(changes, KEPT.changes);
  return { changes: kept, notes: boundedNotes([...andMore(more, "package"), ...notes]) };
}

function problemOf(section: Section, unknown: readonly string[], lines: readonly string[]): string {
  return failure({ ...section, lines: unknown.length > 0 ? unknown : lines }, PROGRAM);
}

function gather(lines: readonly string[]): Found {
  const found: Found = { changes: [], notes: [], locked: [], unknown: [], saysUpgrades: false };
  let action: PackageChange["action"] | undefined;
  for (const [index, line] of lines.entries()) {
    const header = HEADERS.find(([sentence]) => sentence.test(line));
    const item =
      action !== undefined && line.startsWith("\t") ? readChange(line.slice(1), action) : undefined;
    const [, behind] = NEWER_FREEBSD.exec(line) ?? [];
    const [, locked] = LOCKED.exec(line) ?? [];
    found.saysUpgrades ||= line.startsWith("The following ") || header !== undefined;
    if (header !== undefined) action = header[1];
    else if (item !== undefined) found.changes.push(item);
    else if (PKG_FIRST.test(line))
      found.notes.push("pkg itself is to be upgraded first; it tells of the rest after that");
    else if (locked !== undefined)
      found.locked.push(`${shortened(locked, 120)} is locked, and left as it is`);
    else if (behind !== undefined) found.notes.push(newerFreebsd(behind, lines.slice(index + 1, index + 4)));
    else if (!ITS_VERSIONS.test(line) && !CHATTER.some((sentence) => sentence.test(line)))
      found.unknown.push(line);
    if (line === "") action = undefined;
  }
  return found;
}

/** The repository is of a newer FreeBSD than the host: it is the host that is to be upgraded. */
function newerFreebsd(name: string, following: readonly string[]): string {
  const versions = following.flatMap((line) => {
    const [, whose, version] = ITS_VERSIONS.exec(line) ?? [];
    return version === undefined ? [] : [`${whose} ${version}`];
  });
  const detail = versions.length === 0 ? "" : ` (${versions.join(", ")})`;
  return `packages want a newer FreeBSD, ${shortened(name, 80)} to begin with${detail}`;
}
