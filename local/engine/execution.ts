import type { Clock } from "#platform";
import { allStates, type Definition, type State } from "./definition.ts";
import type { ExecutionEvent } from "./execution-event.ts";
import { waitSeconds } from "./interpretable.ts";
import { interpret, type Outcome } from "./interpreter.ts";
import { RetrySchedule } from "./retry-schedule.ts";
import { StopSignal } from "./stop-signal.ts";

/** What a run used, for its price. */
export interface Usage {
  transitions: number;
  invocations: number;
  billedMilliseconds: number;
}

/** What an execution needs of its engine. */
export interface Surroundings {
  readonly clock: Clock;
  /** Calls the function of a Task. */
  readonly call: (resource: string, input: unknown) => Promise<unknown>;
  /** Wraps each call; a virtual clock is held meanwhile. */
  readonly during: <T>(work: () => Promise<T>) => Promise<T>;
  readonly tell: (event: ExecutionEvent) => void;
}

type Untimed<Event> = Event extends { readonly at: string } ? Omit<Event, "at"> : never;
type Item = { readonly item?: string };

/** One run of a state machine: performs its tasks and waits, counts their retries, and tells what happens. */
export class Execution {
  readonly usage: Usage = { transitions: 0, invocations: 0, billedMilliseconds: 0 };
  readonly stop: StopSignal;
  readonly #definition: Definition;
  readonly #surroundings: Surroundings;
  readonly #states: ReadonlyMap<string, { state: State; map: string | undefined }>;
  readonly #schedules = new Map<string, RetrySchedule>();
  /** How often each Map has failed so far: what an iteration knows it by that it is to stop. */
  readonly #mapFailures = new Map<string, number>();

  constructor(definition: Definition, surroundings: Surroundings) {
    this.#definition = definition;
    this.#surroundings = surroundings;
    this.#states = new Map(allStates(definition).map(({ name, state, map }) => [name, { state, map }]));
    this.stop = new StopSignal(definition);
  }

  /** Runs to the end. After a kill the outcome means nothing, and nothing is told. */
  async run(executionArn: string, name: string, machine: string, input: unknown): Promise<Outcome> {
    this.#tell({ type: "executionStarted", executionArn, machine, input });
    const outcome = await interpret(this.#definition, input, {
      executionArn,
      name,
      perform: (state, task) => this.#perform(state, task),
      onVisit: ({ phase, state, kind, value }) => {
        if (phase === "exited") return this.#tell({ type: "stateExited", state, output: value });
        this.usage.transitions += 1;
        this.#tell({ type: "stateEntered", state, kind: kind as "Pass", input: value });
      },
    });
    if (outcome.status === "SUCCEEDED") this.#tell({ type: "executionSucceeded", output: outcome.output });
    else this.#tell({ type: "executionFailed", error: outcome.error, cause: outcome.cause });
    return outcome;
  }

  async #perform(name: string, input: unknown): Promise<unknown> {
    const { state, map } = this.#states.get(name) ?? {};
    if (state === undefined) throw new Error(`no state ${name}`);
    this.stop.requireLife();
    this.usage.transitions += 1;
    const item = map === undefined ? {} : { item: itemLabel(input) };
    return state.Type === "Wait"
      ? this.#wait(name, state, input, item)
      : this.#task(name, state, input, item, map);
  }

  async #wait(name: string, state: State, input: unknown, item: Item): Promise<unknown> {
    this.#tell({ type: "stateEntered", state: name, kind: "Wait", input, ...item });
    await this.#sleep(name, waitSeconds(state, input));
    this.#tell({ type: "stateExited", state: name, output: input, ...item });
    return input;
  }

  /** One call of a Task. The interpreter comes again for each retry; the same input is the same visit. */
  async #task(name: string, state: State, input: unknown, item: Item, map?: string): Promise<unknown> {
    const failures = this.#failuresOf(map);
    const visit = `${name} ${JSON.stringify(input)}`;
    if (!this.#schedules.has(visit)) {
      this.#schedules.set(visit, new RetrySchedule(state.Retry));
      this.#tell({ type: "stateEntered", state: name, kind: "Task", input, ...item });
    }
    try {
      const output = await this.#call(name, state.Resource ?? "", input);
      this.#schedules.delete(visit);
      this.#tell({ type: "stateExited", state: name, output, ...item });
      return output;
    } catch (failure) {
      await this.#afterFailure(name, visit, failure, item);
      if (this.#failuresOf(map) !== failures) throw new IterationStoppedError("another iteration failed");
      if (map !== undefined && !this.#schedules.has(visit) && !isCaught(state, failure))
        this.#mapFailures.set(map, failures + 1);
      throw failure;
    }
  }

  #failuresOf(map: string | undefined): number {
    return this.#mapFailures.get(map ?? "") ?? 0;
  }

  async #call(name: string, resource: string, input: unknown): Promise<unknown> {
    this.stop.takeInterruption(name);
    const { clock, during, call } = this.#surroundings;
    return during(async () => {
      const started = clock.now().getTime();
      this.usage.invocations += 1;
      try {
        return await this.stop.whileAlive(call(resource, input));
      } finally {
        this.usage.billedMilliseconds += Math.max(1, clock.now().getTime() - started);
      }
    });
  }

  /** Sleeps before a retry, which the interpreter then makes at once; or gives up. */
  async #afterFailure(name: string, visit: string, failure: unknown, item: Item): Promise<void> {
    this.stop.requireLife();
    const { error, cause } = describeFailure(failure);
    const verdict = this.#schedules.get(visit)?.failed(error) ?? "give up";
    if (verdict === "give up") {
      this.#schedules.delete(visit);
      this.#tell({ type: "taskFailed", state: name, error, cause, ...item });
      return;
    }
    this.#tell({ type: "taskRetried", state: name, ...verdict, error, cause, ...item });
    await this.#sleep(name, verdict.delaySeconds);
  }

  #sleep(name: string, seconds: number): Promise<void> {
    return this.stop.sleep(name, () => this.#surroundings.clock.sleep(seconds * 1000));
  }

  #tell(event: Untimed<ExecutionEvent>): void {
    if (this.stop.killed) return;
    this.#surroundings.tell({ at: this.#surroundings.clock.now().toISOString(), ...event } as ExecutionEvent);
  }
}

/**
 * One iteration's failure fails its Map and stops the others (Amazon States Language, "Map State"). The interpreter stops
 * them after their present state, whose retries it would still make: so that is failed by a name that no Retry has.
 */
class IterationStoppedError extends Error {
  override readonly name = "IterationStoppedError";
}

/** Whether a state's own Catch takes an error, so that the Map around it goes on. */
function isCaught({ Catch = [] }: State, failure: unknown): boolean {
  const { error } = describeFailure(failure);
  return Catch.some(({ ErrorEquals }) =>
    ErrorEquals.some((one) => one === error || one === "States.ALL" || one === "States.TaskFailed"),
  );
}

function describeFailure(failure: unknown): { error: string; cause: string } {
  // Not by class: a test's realm has an Error of its own.
  const { name, message } = failure as { name?: unknown; message?: unknown };
  return { error: String(name ?? "Error"), cause: String(message ?? failure) };
}

/** What tells the iterations of a Map apart: the region, the segment, the host that each is about. */
function itemLabel(input: unknown): string {
  if (typeof input !== "object" || input === null) return String(input);
  const { region, part, segment, task, item, host, release } = input as Readonly<Record<string, unknown>>;
  if (task !== undefined) return itemLabel(task);
  const label = region ?? part ?? segment ?? item ?? host ?? release ?? "";
  return typeof label === "object" ? Object.values(label).join(" ") : String(label);
}
