import type { BaseUpdates, Part } from "../findings.ts";
import { andMore, bounded, boundedNotes, KEPT, readable, shortened } from "./bounds.ts";
import type { Section } from "./report-sections.ts";
import { failure, outsideTrouble } from "./trouble.ts";

/*
 * The output of `freebsd-update fetch` (freebsd-src, usr.sbin/freebsd-update/freebsd-update.sh). Its exit status is 0
 * with updates and without; 1 for errors, and for a release past its end of life even when all went well; usage() exits
 * 0. So only its sentences tell: "No updates needed..." is the one thing that means up to date.
 */

const PROGRAM = "freebsd-update";
const RELEASE = String.raw`(\d{1,2}\.\d{1,2}-[A-Z0-9]{2,14}(?:-p\d{1,4})?)`;

/** "...as part of updating to 9.2-RELEASE-p17:"; of late the release has a line of its own. */
const LIST = /^The following files will be (?:added|removed|updated) as part of updating to(?: (\S+):)?$/;
const LIST_RELEASE = new RegExp(`^${RELEASE}:$`);
const UP_TO_DATE = new RegExp(`^No updates needed to update system to ${RELEASE}\\.$`);
const KEPT_FILES = /^The following files are affected by updates\./;
const END_OF_LIFE = /^WARNING: (FreeBSD \S{1,40}) HAS PASSED ITS END-OF-LIFE DATE\.$/;
const NEAR_END_OF_LIFE = /^WARNING: FreeBSD \S{1,40} is approaching its End-of-Life date\./;

/** Sentences after which nothing else counts. One mirror that failed is none of them: the next may have done. */
const REFUSALS: readonly (readonly [RegExp, string])[] = [
  [
    /incompatible with the use of packaged base/,
    "the base system is made of packages, and freebsd-update refuses to work",
  ],
  [/should not be run non-interactively/, "freebsd-update refuses to run without a terminal"],
  [/partially completed upgrade/, "an upgrade was left half done: run freebsd-update install on the host"],
  [/^usage: /i, "freebsd-update does not know its own options"],
  [/appear older than what/, "the mirror has older files than the host runs"],
  [/are older than the$|are older than the most/, "the mirror has older files than it had before"],
  [/^No mirrors remaining, giving up/, "no mirror of FreeBSD's gave what was asked for"],
  [/Cowardly refusing to proceed/, "freebsd-update refused to proceed"],
  // What it could not write down is missing from its lists; it does not look, and may say that there is nothing to do.
  [
    /No space left on device|file ?system (?:is )?full|Read-only file system/i,
    "the host's disk is full or cannot be written to",
  ],
  [/File changed while FreeBSD Update running/, "a file changed while freebsd-update looked at it"],
];

/** What was gathered while reading. */
interface Found {
  releases: Set<string>;
  upToDate: boolean;
  isPastItsEnd: boolean;
  files: number;
  keptFiles: string[];
  notes: string[];
}

/** Reads what `freebsd-update fetch` said. */
export function readFreebsdUpdate(section: Section): Part<BaseUpdates> {
  const trouble = outsideTrouble(section, PROGRAM);
  if (trouble !== undefined) return { problem: trouble };
  const lines = readable(section.lines);
  const refusal = REFUSALS.find(([sentence]) => lines.some((line) => sentence.test(line)));
  if (refusal !== undefined) return { problem: `${refusal[1]}${because(lines)}` };
  const found = gather(lines);
  const isFine = section.status === 0 || (section.status === 1 && found.isPastItsEnd);
  const [to, ...others] = found.releases;
  if (!isFine || others.length > 0) return { problem: failure({ ...section, lines }, PROGRAM) };
  if (to !== undefined && found.files > 0) return { value: updatesOf(found, to, section.isCut) };
  if (!found.upToDate || to !== undefined || section.isCut)
    return { problem: failure({ ...section, lines }, PROGRAM) };
  return { value: updatesOf(found, undefined, false) };
}

/** What mirrors were refused for, if nothing was got from any. */
function because(lines: readonly string[]): string {
  const why = lines.find((line) => /invalid signature\.|incorrect hash\.|\.\.\. failed\./.test(line));
  return why === undefined ? "" : ` ("${shortened(why, 120)}")`;
}

function updatesOf(found: Found, to: string | undefined, isCut: boolean): BaseUpdates {
  const { kept, more } = bounded(found.keptFiles, KEPT.files);
  const notes = [...found.notes, ...(isCut ? ["the list of files was too long to be read to its end"] : [])];
  return {
    ...(to === undefined ? {} : { to, files: found.files }),
    ...(kept.length === 0 ? {} : { keptFiles: [...kept, ...andMore(more, "file")] }),
    notes: boundedNotes(notes),
  };
}

function gather(lines: readonly string[]): Found {
  const found: Found = {
    ...{ releases: new Set<string>(), upToDate: false, isPastItsEnd: false },
    ...{ files: 0, keptFiles: [], notes: [] },
  };
  let list: "update" | "keep" | undefined;
  for (const [index, line] of lines.entries()) {
    const header = LIST.exec(line);
    const following = lines.slice(index + 1, index + 3);
    if (header !== null) {
      const release = header[1] ?? LIST_RELEASE.exec(following[0] ?? "")?.[1];
      list = release === undefined ? undefined : "update";
      if (release !== undefined) found.releases.add(shortened(release, 40));
    } else if (KEPT_FILES.test(line)) list = "keep";
    else if (line.startsWith("/") && list === "update") found.files += 1;
    else if (line.startsWith("/") && list === "keep") found.keptFiles.push(shortened(line, 150));
    else if (UP_TO_DATE.test(line)) found.upToDate = true;
    else if (END_OF_LIFE.test(line) || NEAR_END_OF_LIFE.test(line)) {
      found.isPastItsEnd ||= END_OF_LIFE.test(line);
      found.notes.push(shortened([line, ...paragraph(following)].join(" ").replace("WARNING: ", ""), 190));
    }
    if (line === "") list = undefined;
  }
  return found;
}

/** Lines up to the next empty one. */
function paragraph(lines: readonly string[]): readonly string[] {
  const end = lines.indexOf("");
  return end < 0 ? lines : lines.slice(0, end);
}
