import type { HistoryEvent } from "@aws-sdk/client-sfn";
import type { ExecutionEvent } from "../../local/engine/execution-event.ts";

/** The iteration of a Map that an event belongs to. */
interface Iteration {
  readonly map: string;
  label: string | undefined;
  readonly index: number;
  readonly around: Iteration | undefined;
}

/** Where in the machine an event of the history stands; the events after it in its chain start from there. */
interface Place {
  readonly state: string;
  readonly iteration: Iteration | undefined;
  readonly retries: number;
  /** The failure of this attempt, of which only the next event tells whether it is retried. */
  readonly failed?: Failure;
}

interface Failure {
  readonly at: Date;
  readonly error: string;
  readonly cause: string;
}

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

const START: Place = { state: "", iteration: undefined, retries: 0 };

/** Whether the history has come to its end with this event. */
export function isLast(event: ExecutionEvent): boolean {
  return ["executionSucceeded", "executionFailed", "executionAborted"].includes(event.type);
}

function placeAfter(before: Place, event: HistoryEvent): Place {
  const { type = "", timestamp = new Date(0) } = event;
  const { failed: _, ...here } = before;
  if (type === "MapIterationStarted") {
    const { name = here.state, index = 0 } = event.mapIterationStartedEventDetails ?? {};
    return { ...here, iteration: { map: name, label: undefined, index, around: before.iteration } };
  }
  if (type === "MapStateExited") {
    return { ...here, iteration: around(event.stateExitedEventDetails?.name ?? "", before.iteration) };
  }
  const failure = attemptFailure(event);
  if (failure !== undefined) return { ...here, failed: { at: timestamp, ...failure } };
  const entered = event.stateEnteredEventDetails;
  if (entered !== undefined) {
    if (here.iteration !== undefined) here.iteration.label ??= labelOf(json(entered.input));
    return { ...here, state: entered.name ?? "", retries: 0 };
  }
  return isScheduled(event) && before.failed !== undefined ? { ...here, retries: before.retries + 1 } : here;
}

/** A Map goes on where it stood before its iterations, whichever of them the history chains its end to. */
function around(map: string, iteration: Iteration | undefined): Iteration | undefined {
  for (let at = iteration; at !== undefined; at = at.around) if (at.map === map) return at.around;
  return iteration;
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

function isScheduled({ type }: HistoryEvent): boolean {
  return type === "LambdaFunctionScheduled" || type === "TaskScheduled";
}

/** The ways in which one attempt of a Task can fail. */
function attemptFailure(event: HistoryEvent): Omit<Failure, "at"> | undefined {
  const isAttempt = /^(LambdaFunction|Task)(Failed|TimedOut|ScheduleFailed|StartFailed|SubmitFailed)$/;
  if (!isAttempt.test(event.type ?? "")) return undefined;
  const { error, cause } = failureDetails(event) ?? {};
  const fallback = event.type?.endsWith("TimedOut") === true ? "States.Timeout" : "States.TaskFailed";
  return { error: error ?? fallback, cause: cause ?? "" };
}

/** Each kind of event keeps them in a member of its own, in one shape. */
function failureDetails(event: HistoryEvent) {
  return (
    event.lambdaFunctionFailedEventDetails ??
    event.lambdaFunctionTimedOutEventDetails ??
    event.lambdaFunctionScheduleFailedEventDetails ??
    event.lambdaFunctionStartFailedEventDetails ??
    event.taskFailedEventDetails ??
    event.taskTimedOutEventDetails ??
    event.executionFailedEventDetails ??
    event.executionTimedOutEventDetails ??
    event.executionAbortedEventDetails
  );
}

function item(iteration: Iteration | undefined): { item?: string } {
  return iteration === undefined ? {} : { item: iteration.label ?? String(iteration.index) };
}

/** What an iteration is about, as the embedded engine labels it: its region, or its item. */
function labelOf(input: unknown): string | undefined {
  if (typeof input !== "object" || input === null) return input === undefined ? undefined : String(input);
  const { region, item } = input as { readonly region?: unknown; readonly item?: unknown };
  return region === undefined && item === undefined ? undefined : String(region ?? item);
}

/** Input and output are JSON text; what Step Functions cut short is kept as it came. */
function json(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
