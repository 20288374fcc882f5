import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Clock, startCold } from "#platform";
import { deployedName, type FunctionName, functionOfResource, listFunctions } from "../../infra/function-name.ts";
import { allStates, type Definition, readDefinition, type State, statesThatLeadToCleanUp } from "./definition.ts";
import type { ExecutionEvent } from "./execution-event.ts";
import { closeExecution, openExecution, recordEvent, type StoredExecution } from "./execution-store.ts";
import { waitSeconds } from "./interpretable.ts";
import { interpret, type Outcome } from "./interpreter.ts";
import { RetrySchedule } from "./retry-schedule.ts";

/** Memory that every function is given (infra), for the price of a run. */
export const FUNCTION_MEMORY_MIB = 512;

export interface EngineOptions {
  /** The project's folder. */
  readonly root: string;
  readonly stage: string;
  readonly region: string;
  readonly accountId: string;
  readonly clock: Clock;
  /** Folder of executions. */
  readonly folder: string;
  /** Wraps each call of a function; a virtual clock is held meanwhile. Default: just calls. */
  readonly during?: <T>(work: () => Promise<T>) => Promise<T>;
  /** Called before each function, for events that have come in meanwhile. */
  readonly beforeInvoke?: () => Promise<void>;
}

/** What a run used, for its price. */
export interface Usage {
  transitions: number;
  invocations: number;
  billedMilliseconds: number;
}

/** A run that was started. */
export interface RunningExecution {
  readonly executionArn: string;
  readonly outcome: Promise<Outcome>;
  readonly usage: Usage;
  /** Stops at the next step whose failure leads to clean-up. The machine then ends as after any failure. */
  interrupt(): void;
  /** Stops as a power failure would: no further step, no clean-up, no record. */
  kill(): void;
}

/** A run was told to stop. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
}

/** Runs state machines and calls functions, in this process. */
export interface EmbeddedEngine {
  start(
    machine: string,
    name: string,
    input: unknown,
    onEvent?: (event: ExecutionEvent) => void,
  ): Promise<RunningExecution>;
  /** Calls one function, as an event's target. */
  invoke(name: FunctionName, event: unknown): Promise<unknown>;
}

/** Makes an engine. Functions start cold, so that they read the environment as it is now. */
export function embeddedEngine(options: EngineOptions): EmbeddedEngine {
  const functions = listFunctions(options.root);
  startCold();

  const invoke = async (name: FunctionName, event: unknown): Promise<unknown> => {
    const module: { handler: (event: unknown, context: object) => Promise<unknown> } = await import(
      pathToFileURL(join(options.root, name.file)).href
    );
    const functionName = deployedName(options.stage, name);
    return module.handler(event, { functionName, awsRequestId: randomUUID() });
  };

  return {
    invoke,
    start: async (machine, name, input, onEvent = () => undefined) => {
      const definition = readDefinition(options.root, machine);
      const executionArn = `arn:aws:states:${options.region}:${options.accountId}:execution:nightshift-${options.stage}-${machine}:${name}`;
      const stored: StoredExecution = {
        name,
        executionArn,
        machine,
        input,
        status: "RUNNING",
        startDate: options.clock.now().toISOString(),
        pid: process.pid,
      };
      openExecution(options.folder, stored);
      return new Execution(options, functions, invoke, definition, stored, onEvent);
    },
  };
}

type Untimed<Event> = Event extends { readonly at: string } ? Omit<Event, "at"> : never;

class Execution implements RunningExecution {
  readonly executionArn: string;
  readonly outcome: Promise<Outcome>;
  readonly usage: Usage = { transitions: 0, invocations: 0, billedMilliseconds: 0 };
  readonly #options: EngineOptions;
  readonly #functions: readonly FunctionName[];
  readonly #invoke: (name: FunctionName, event: unknown) => Promise<unknown>;
  readonly #states: ReadonlyMap<string, { state: State; map: string | undefined }>;
  readonly #stoppable: ReadonlySet<string>;
  readonly #onEvent: (event: ExecutionEvent) => void;
  readonly #name: string;
  readonly #schedules = new Map<string, RetrySchedule>();
  #interrupted = false;
  #killed = false;
  #wakeUp: () => void = () => undefined;
  readonly #woken: Promise<void>;
  #die: (reason: Error) => void = () => undefined;
  readonly #death: Promise<never>;

  constructor(
    options: EngineOptions,
    functions: readonly FunctionName[],
    invoke: (name: FunctionName, event: unknown) => Promise<unknown>,
    definition: Definition,
    stored: StoredExecution,
    onEvent: (event: ExecutionEvent) => void,
  ) {
    this.#options = options;
    this.#functions = functions;
    this.#invoke = invoke;
    this.#onEvent = onEvent;
    this.#name = stored.name;
    this.executionArn = stored.executionArn;
    this.#states = new Map(allStates(definition).map(({ name, state, map }) => [name, { state, map }]));
    this.#stoppable = statesThatLeadToCleanUp(definition);
    this.#woken = new Promise((resolve) => {
      this.#wakeUp = resolve;
    });
    this.#death = new Promise((_, reject) => {
      this.#die = reject;
    });
    this.#death.catch(() => undefined); // a run that ends well never dies
    this.outcome = this.#run(definition, stored);
  }

  interrupt(): void {
    this.#interrupted = true;
    this.#wakeUp();
  }

  kill(): void {
    this.#killed = true;
    this.#die(new Error("killed"));
    this.#wakeUp();
  }

  async #run(definition: Definition, stored: StoredExecution): Promise<Outcome> {
    const { machine, input, executionArn, name } = stored;
    this.#tell({ type: "executionStarted", executionArn, machine, input });
    const outcome = await interpret(definition, input, {
      executionArn,
      name,
      perform: (state, task) => this.#perform(state, task),
      onVisit: ({ phase, state, kind, value }) => {
        if (phase === "exited") return this.#tell({ type: "stateExited", state, output: value });
        this.usage.transitions += 1;
        this.#tell({ type: "stateEntered", state, kind: kind as "Pass", input: value });
      },
    });
    if (this.#killed) return outcome;
    if (outcome.status === "SUCCEEDED") this.#tell({ type: "executionSucceeded", output: outcome.output });
    else this.#tell({ type: "executionFailed", error: outcome.error, cause: outcome.cause });
    closeExecution(this.#options.folder, {
      ...stored,
      ...outcome,
      stopDate: this.#options.clock.now().toISOString(),
    });
    return outcome;
  }

  async #perform(name: string, input: unknown): Promise<unknown> {
    const { state, map } = this.#states.get(name) ?? {};
    if (state === undefined) throw new Error(`no state ${name}`);
    this.#requireLife();
    const item = map === undefined ? {} : { item: label(input) };
    this.usage.transitions += 1;
    if (state.Type === "Wait") return this.#wait(name, state, input, item);

    const visit = `${name} ${JSON.stringify(input)}`;
    if (!this.#schedules.has(visit)) {
      this.#schedules.set(visit, new RetrySchedule(state.Retry));
      this.#tell({ type: "stateEntered", state: name, kind: "Task", input, ...item });
    }
    try {
      const output = await this.#call(name, state, input);
      this.#schedules.delete(visit);
      this.#tell({ type: "stateExited", state: name, output, ...item });
      return output;
    } catch (failure) {
      await this.#afterFailure(name, visit, failure, item);
      throw failure;
    }
  }

  async #wait(name: string, state: State, input: unknown, item: { item?: string }): Promise<unknown> {
    this.#tell({ type: "stateEntered", state: name, kind: "Wait", input, ...item });
    if (!this.#interrupted) {
      await Promise.race([this.#options.clock.sleep(waitSeconds(state, input) * 1000), this.#woken]);
    }
    this.#requireLife();
    this.#tell({ type: "stateExited", state: name, output: input, ...item });
    return input;
  }

  async #call(name: string, state: State, input: unknown): Promise<unknown> {
    if (this.#interrupted && this.#stoppable.has(name)) {
      this.#interrupted = false; // once: what follows is clean-up
      throw new InterruptedError("the run was interrupted");
    }
    const target = functionOfResource(state.Resource ?? "", this.#functions);
    if (target === undefined) throw new Error(`state ${name}: no function for ${state.Resource}`);
    const during = this.#options.during ?? ((work) => work());
    return during(async () => {
      await this.#options.beforeInvoke?.();
      const started = this.#options.clock.now().getTime();
      this.usage.invocations += 1;
      try {
        // A dead run's function may wait for ever for an answer that will not come; nobody waits with it.
        return await Promise.race([this.#invoke(target, input), this.#death]);
      } finally {
        this.usage.billedMilliseconds += Math.max(1, this.#options.clock.now().getTime() - started);
        this.#requireLife();
      }
    });
  }

  async #afterFailure(name: string, visit: string, failure: unknown, item: { item?: string }): Promise<void> {
    this.#requireLife();
    const error = failure instanceof Error ? failure.name : "Error";
    const cause = failure instanceof Error ? failure.message : String(failure);
    const verdict = this.#schedules.get(visit)?.failed(error) ?? "give up";
    if (verdict === "give up") {
      this.#schedules.delete(visit);
      this.#tell({ type: "taskFailed", state: name, error, cause, ...item });
      return;
    }
    this.#tell({ type: "taskRetried", state: name, ...verdict, error, cause, ...item });
    await Promise.race([this.#options.clock.sleep(verdict.delaySeconds * 1000), this.#woken]);
  }

  /** After a power failure nothing goes on: not the next state, not a Catch. */
  #requireLife(): void {
    if (this.#killed) throw new Error("killed");
  }

  #tell(event: Untimed<ExecutionEvent>): void {
    if (this.#killed) return;
    const told = { at: this.#options.clock.now().toISOString(), ...event } as ExecutionEvent;
    recordEvent(this.#options.folder, this.#name, told);
    this.#onEvent(told);
  }
}

/** What tells the iterations of a Map apart: the region, the host, the account that each is about. */
function label(input: unknown): string {
  if (typeof input !== "object" || input === null) return String(input);
  const { region, item } = input as { region?: unknown; item?: unknown };
  return String(region ?? item ?? "");
}
