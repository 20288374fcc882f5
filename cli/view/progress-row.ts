import type { ExecutionEvent } from "../../local/engine/execution-event.ts";
import { delay } from "./duration.ts";
import { failureName, failureWords } from "./failure-words.ts";

/** One line of the progress view, before it is laid out. Times are in seconds. */
export interface Row {
  readonly mark: "done" | "retry" | "failed" | "running";
  readonly label: string;
  /** How often the state was entered, one after the other: a poll loop is one row. */
  readonly count: number;
  /** What follows label and count: what it waits for, or what went wrong. */
  readonly note: string;
  readonly realSeconds: number | undefined;
  readonly runSeconds: number | undefined;
}

/** An instant on both clocks, in milliseconds. */
export interface Instant {
  readonly real: number;
  readonly run: number;
}

/** A row about something that took from one instant to another. */
export function row(mark: Row["mark"], label: string, from: Instant, to: Instant, count = 1, note = ""): Row {
  const realSeconds = (to.real - from.real) / 1000;
  return { mark, label, count, note, realSeconds, runSeconds: (to.run - from.run) / 1000 };
}

/** A retry took no time yet; its delay is what one wants to know. */
export function retryRow(event: Extract<ExecutionEvent, { type: "taskRetried" }>): Row {
  const label = event.item === undefined ? event.state : `${event.state} ${event.item}`;
  const what = `${failureName(event.error, event.cause)}, retry ${event.retry} in ${delay(event.delaySeconds)}`;
  return {
    mark: "retry",
    label: `${label}: ${what}`,
    count: 1,
    note: "",
    realSeconds: undefined,
    runSeconds: undefined,
  };
}

/** How the execution ended. */
export function endRow(machine: string, event: ExecutionEvent, from: Instant, to: Instant): Row {
  if (event.type === "executionSucceeded") return row("done", `${machine} succeeded`, from, to);
  if (event.type === "executionFailed") {
    return row("failed", `${machine} failed: ${failureWords(event.error, event.cause)}`, from, to);
  }
  const why = event.type === "executionAborted" && event.cause !== "" ? `: ${event.cause}` : "";
  return row("failed", `${machine} was aborted${why}`, from, to);
}
