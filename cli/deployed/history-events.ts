import type { HistoryEvent } from "@aws-sdk/client-sfn";
import type { ExecutionEvent } from "../../local/engine/execution-event.ts";
import {
  type Failure,
  failureDetails,
  type Iteration,
  isScheduled,
  json,
  type Place,
  placeAfter,
  START,
} from "./history-place.ts";

type Kind = Extract<ExecutionEvent, { type: "stateEntered" }>["kind"];

/**
 * Translates a history of Step Functions (API reference, GetExecutionHistory and HistoryEvent) into our events, page
 * by page, in the order of the history. Events of a Map's iterations are mixed there; `previousEventId` chains each
 * to its own. A retry has no event of its own: it shows as a function that is scheduled again after it failed.
 */
export class HistoryTranslation {
  readonly #executionArn: string;
  readonly #machine: string;
  readonly #places = new Map<number, Place>();
  /** Several events may follow one failure; the first tells of it. */
  readonly #told = new WeakSet<Failure>();

  constructor(executionArn: string, machine: string) {
    this.#executionArn = executionArn;
    this.#machine = machine;
  }

  /** The events that follow from the next events of the history. */
  take(history: readonly HistoryEvent[]): ExecutionEvent[] {
    return history.flatMap((event) => this.#translate(event));
  }

  #translate(event: HistoryEvent): ExecutionEvent[] {
    const before = this.#places.get(event.previousEventId ?? 0) ?? START;
    const at = (event.timestamp ?? new Date(0)).toISOString();
    const gaveUp = this.#ifGivenUp(before, event);
    const place = placeAfter(before, event);
    this.#places.set(event.id ?? 0, place);
    const end = this.#end(event, at);
    return [
      ...gaveUp,
      ...retried(before, event),
      ...(end === undefined ? stateEvent(place, event, at) : [end]),
    ];
  }

  /** A failed attempt that anything but another attempt follows was the last one. */
  #ifGivenUp({ failed, state, iteration }: Place, event: HistoryEvent): ExecutionEvent[] {
    if (failed === undefined || isScheduled(event) || this.#told.has(failed)) return [];
    this.#told.add(failed);
    const { at, error, cause } = failed;
    return [{ at: at.toISOString(), type: "taskFailed", state, ...item(iteration), error, cause }];
  }

  #end(event: HistoryEvent, at: string): ExecutionEvent | undefined {
    const { error = "", cause = "" } = failureDetails(event) ?? {};
    switch (event.type) {
      case "ExecutionStarted": {
        const input = json(event.executionStartedEventDetails?.input);
        return {
          at,
          type: "executionStarted",
          executionArn: this.#executionArn,
          machine: this.#machine,
          input,
        };
      }
      case "ExecutionSucceeded":
        return { at, type: "executionSucceeded", output: json(event.executionSucceededEventDetails?.output) };
      case "ExecutionFailed":
        return { at, type: "executionFailed", error, cause };
      case "ExecutionTimedOut":
        return {
          at,
          type: "executionFailed",
          error: error || "States.Timeout",
          cause: cause || "the run took too long",
        };
      case "ExecutionAborted":
        return { at, type: "executionAborted", cause: cause || error };
      default:
        return undefined;
    }
  }
}

/** Whether the history has come to its end with this event. */
export function isLast(event: ExecutionEvent): boolean {
  return ["executionSucceeded", "executionFailed", "executionAborted"].includes(event.type);
}

function retried(before: Place, event: HistoryEvent): ExecutionEvent[] {
  const { failed, state, iteration, retries } = before;
  if (failed === undefined || !isScheduled(event)) return [];
  const delaySeconds = ((event.timestamp ?? failed.at).getTime() - failed.at.getTime()) / 1000;
  const at = failed.at.toISOString();
  const { error, cause } = failed;
  return [
    { at, type: "taskRetried", state, ...item(iteration), retry: retries + 1, delaySeconds, error, cause },
  ];
}

function stateEvent(place: Place, event: HistoryEvent, at: string): ExecutionEvent[] {
  const { type = "", stateEnteredEventDetails: entered, stateExitedEventDetails: exited } = event;
  const kind = /^(Task|Wait|Choice|Pass|Map|Parallel|Succeed|Fail)State(Entered|Exited)$/.exec(type)?.[1];
  if (kind === undefined) return [];
  const where = item(place.iteration);
  if (entered !== undefined) {
    const state = entered.name ?? "";
    return [{ at, type: "stateEntered", state, kind: kind as Kind, ...where, input: json(entered.input) }];
  }
  return [{ at, type: "stateExited", state: exited?.name ?? "", ...where, output: json(exited?.output) }];
}

function item(iteration: Iteration | undefined): { item?: string } {
  return iteration === undefined ? {} : { item: iteration.label ?? String(iteration.index) };
}
