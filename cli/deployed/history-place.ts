import type { HistoryEvent } from "@aws-sdk/client-sfn";

/** The iteration of a Map that an event belongs to. */
export interface Iteration {
  readonly map: string;
  label: string | undefined;
  readonly index: number;
  readonly around: Iteration | undefined;
}

/** Where in the machine an event of the history stands; the events after it in its chain start from there. */
export interface Place {
  readonly state: string;
  readonly iteration: Iteration | undefined;
  readonly retries: number;
  /** The failure of this attempt, of which only the next event tells whether it is retried. */
  readonly failed?: Failure;
}

export interface Failure {
  readonly at: Date;
  readonly error: string;
  readonly cause: string;
}

/** Before the first event. */
export const START: Place = { state: "", iteration: undefined, retries: 0 };

/** Where an event stands, from where the one before it in its chain stood. */
export function placeAfter(before: Place, event: HistoryEvent): Place {
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

/** Whether an attempt of a Task begins. */
export function isScheduled({ type }: HistoryEvent): boolean {
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
export function failureDetails(event: HistoryEvent) {
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

/** What an iteration is about, as the embedded engine labels it: its region, part, segment, host and so on. */
function labelOf(input: unknown): string | undefined {
  if (typeof input !== "object" || input === null) return input === undefined ? undefined : String(input);
  const { region, part, segment, item, host, release } = input as Readonly<Record<string, unknown>>;
  const label = region ?? part ?? segment ?? item ?? host ?? release;
  if (typeof label === "object" && label !== null) return Object.values(label).join(" ");
  return label === undefined ? undefined : String(label);
}

/** Input and output are JSON text; what Step Functions cut short is kept as it came. */
export function json(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
