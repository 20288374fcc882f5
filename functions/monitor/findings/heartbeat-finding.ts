import type { CheckOf } from "#fleet";
import { type Finding, failed, good, instant, span, timedOut } from "./finding.ts";

const MINUTE = 60_000;

/** What was heard from a job or host that reports in by itself. Undefined: never. */
export interface Beats {
  /** When the check was first run: until then nothing could be missed. */
  readonly watchedSince: Date;
  readonly startedAt?: Date | undefined;
  readonly succeededAt?: Date | undefined;
  readonly failedAt?: Date | undefined;
  /** Of the last failure: 1 to 255, if it was said. */
  readonly exitStatus?: number | undefined;
}

type Expected = Pick<CheckOf<"heartbeat">, "withinMinutes" | "graceMinutes" | "runMinutes">;

/**
 * Whether a job or host reported as often as it must. A failure counts until the next success. A run that began in time
 * has its own time to end, even if that is later than the next success was due.
 */
export function judgeBeats(beats: Beats, expected: Expected, now: Date): Finding {
  return { ...verdictOn(beats, expected, now), milliseconds: 0 };
}

function verdictOn(beats: Beats, expected: Expected, now: Date): Finding {
  const { watchedSince, startedAt, succeededAt, failedAt, exitStatus } = beats;
  const since = (at: Date) => now.getTime() - at.getTime();
  if (isLatest(failedAt, [succeededAt])) {
    const status = exitStatus === undefined ? "" : ` (status ${exitStatus})`;
    return failed(`reported failure${status}, ${instant(failedAt)}`);
  }
  const isRunning = isLatest(startedAt, [succeededAt, failedAt]);
  if (isRunning && since(startedAt) > expected.runMinutes * MINUTE)
    return timedOut(`started ${instant(startedAt)} and not finished in ${expected.runMinutes} minutes`);
  const last = succeededAt ?? watchedSince;
  const due = last.getTime() + (expected.withinMinutes + expected.graceMinutes) * MINUTE;
  if (isRunning && startedAt.getTime() <= due) return good(`running since ${instant(startedAt)}`);
  if (now.getTime() > due) {
    const what =
      succeededAt === undefined ? "never heard of, watched" : isRunning ? "no success" : "nothing heard";
    return timedOut(
      `${what} since ${instant(last)}, expected every ${span(expected.withinMinutes * MINUTE)}`,
    );
  }
  return succeededAt === undefined
    ? good(`nothing heard yet, the first report is due by ${instant(new Date(due))}`)
    : good(`reported success ${span(Math.max(0, since(succeededAt)))} ago`);
}

/** Whether an instant is there, and after all those others that are. */
function isLatest(at: Date | undefined, others: readonly (Date | undefined)[]): at is Date {
  return at !== undefined && others.every((other) => other === undefined || at.getTime() > other.getTime());
}
