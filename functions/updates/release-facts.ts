import {
  daysBetween,
  lasting,
  RELEASE_FACTS,
  type ReleaseFact,
  type ReleaseFactKind,
  reminderDue,
} from "./facts.ts";
import type { ReleaseFindings } from "./findings.ts";
import { dayOfCheck, type ReleaseRecord } from "./records.ts";
import { knownOfRelease } from "./remember.ts";

/** The last warning before a release's end. */
const LAST_DAYS = 7;
/** How often one hears of a release that has ended. */
const ENDED_DAYS = 30;

/**
 * The facts that a record holds of a release. The end of a release is a fact from `endOfLifeDays` before it on, told
 * again in its last week, then when it is over, and every thirty days after that. It is known by the calendar, so it is
 * told in time though FreeBSD's servers do not answer on that day.
 */
export function factsOfRelease(record: ReleaseRecord, endOfLifeDays: number): ReleaseFact[] {
  const { release, findings } = record;
  const known = knownOfRelease(record);
  const isRemembered = (part: keyof ReleaseFindings) => "problem" in findings[part];
  const facts = [
    ...(known.endOfLife === undefined ? [] : endOfLife(record, known.endOfLife, endOfLifeDays)),
    ...((known.patchLevel ?? 0) > 0
      ? [
          fact(
            "patch",
            `patch/${known.patchLevel}`,
            `FreeBSD ${release} is at p${known.patchLevel}`,
            isRemembered("patchLevel"),
          ),
        ]
      : []),
    ...(known.newerReleases ?? []).map((newer) =>
      fact(
        "newer",
        `newer/${newer}`,
        `FreeBSD ${newer} is newer than ${release}`,
        isRemembered("newerReleases"),
      ),
    ),
    ...unknown(record),
  ];
  return facts.sort((one, other) => RELEASE_FACTS.indexOf(one.kind) - RELEASE_FACTS.indexOf(other.kind));
}

function endOfLife({ release, check }: ReleaseRecord, day: string, endOfLifeDays: number): ReleaseFact[] {
  const left = daysBetween(dayOfCheck(check), day);
  if (left > endOfLifeDays) return [];
  if (left < 0) {
    const period = Math.floor((-left - 1) / ENDED_DAYS);
    return [fact("ended", `ended/${day}/${period}`, `FreeBSD ${release} ended on ${day}: nothing is mended`)];
  }
  const stage = left <= LAST_DAYS ? "last" : "near";
  const inDays = left === 0 ? "today" : `in ${left} day${left === 1 ? "" : "s"}`;
  return [fact("ending", `ending/${day}/${stage}`, `FreeBSD ${release} ends ${inDays}, on ${day}`)];
}

const PARTS: Readonly<Record<keyof ReleaseFindings, string>> = {
  patchLevel: "newest patch",
  endOfLife: "end of life",
  newerReleases: "newer releases",
};

function unknown({ check, findings, unknownSince }: ReleaseRecord): ReleaseFact[] {
  return (Object.keys(PARTS) as (keyof ReleaseFindings)[]).flatMap((name) => {
    const part = findings[name];
    if (!("problem" in part)) return [];
    const { [name]: since = check } = unknownSince;
    const line = `${PARTS[name]} not known${lasting(since, check)}: ${part.problem}`;
    return [fact("unknown", `unknown/${name}/${since}/${reminderDue(since, check)}`, line)];
  });
}

function fact(kind: ReleaseFactKind, key: string, line: string, isRemembered = false): ReleaseFact {
  return { kind, key, line, isRemembered };
}
