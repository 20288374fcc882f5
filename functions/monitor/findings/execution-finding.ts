import type { CheckOf } from "#fleet";
import { type Finding, failed, good, instant, span } from "./finding.ts";

const HOUR = 3_600_000;

/** The executions of a state machine that matter. Undefined: there was none. */
export interface Executions {
  /** When the last one that succeeded ended. */
  readonly succeededAt?: Date | undefined;
  /** When the newest one that runs began. */
  readonly runningSince?: Date | undefined;
  /** When the last one that did not succeed ended. */
  readonly failedAt?: Date | undefined;
  /** How that one ended: "FAILED", "TIMED_OUT", "ABORTED" (Step Functions API, ExecutionListItem). */
  readonly failedStatus?: string | undefined;
}

type Expected = Pick<CheckOf<"execution">, "machine" | "withinHours">;

/** Whether a process succeeded lately enough. What failed or runs since is said, too: it is what one would look for next. */
export function judgeExecutions(executions: Executions, expected: Expected, now: Date): Finding {
  const { succeededAt } = executions;
  const since = sinceThen(executions);
  const limit = `limit ${expected.withinHours} hours`;
  const finding = () => {
    if (succeededAt === undefined) return failed(`${expected.machine} never succeeded${since}`);
    const age = now.getTime() - succeededAt.getTime();
    const last = `${expected.machine} succeeded ${span(Math.max(0, age))} ago`;
    return age > expected.withinHours * HOUR ? failed(`${last} (${limit})${since}`) : good(`${last}${since}`);
  };
  return { ...finding(), milliseconds: 0 };
}

function sinceThen({ succeededAt, failedAt, failedStatus, runningSince }: Executions): string {
  const parts: string[] = [];
  if (failedAt !== undefined && (succeededAt === undefined || failedAt > succeededAt))
    parts.push(`; a run ended as ${failedStatus ?? "failed"} ${instant(failedAt)}`);
  if (runningSince !== undefined) parts.push(`; one runs since ${instant(runningSince)}`);
  return parts.join("");
}
