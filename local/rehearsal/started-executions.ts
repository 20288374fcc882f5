import { AwsError } from "../cloud/aws-error.ts";
import type { StartRequest } from "../cloud/contract.ts";
import type { EmbeddedEngine, RunningExecution } from "../engine/embedded-engine.ts";
import { ExecutionRefusedError } from "../engine/execution-store.ts";

interface Started {
  readonly machine: string;
  readonly request: StartRequest;
  readonly ended: Promise<void>;
  readonly end: () => void;
  execution: RunningExecution | undefined;
}

/**
 * The executions that functions started through Step Functions. They run beside the one that started them and outlive
 * it: what a power failure stopped goes on, with the same name and input, as soon as there is an engine again.
 */
export class StartedExecutions {
  readonly #open = new Set<Started>();
  readonly #prefix: string;
  readonly #machines: readonly string[];
  #engine: EmbeddedEngine | undefined;

  /** `machines` as they are called in this project; the account calls them `nightshift-STAGE-NAME`. */
  constructor(stage: string, machines: readonly string[]) {
    this.#prefix = `nightshift-${stage}-`;
    this.#machines = machines;
  }

  /** Starts one, and does not wait for its end. @throws AwsError StateMachineDoesNotExist, ExecutionAlreadyExists */
  async start(request: StartRequest): Promise<void> {
    const machine = request.machine.replace(this.#prefix, "");
    if (
      this.#engine === undefined ||
      `${this.#prefix}${machine}` !== request.machine ||
      !this.#machines.includes(machine)
    ) {
      throw new AwsError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${request.machine}'`);
    }
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const started: Started = { machine, request, ended, end, execution: undefined };
    try {
      await this.#run(started, this.#engine);
    } catch (error) {
      if (!(error instanceof ExecutionRefusedError)) throw error;
      // The engine's names are unique over all machines, Step Functions' are not.
      throw new AwsError("ExecutionAlreadyExists", error.message);
    }
  }

  /** Everything stops where it is. */
  powerFailed(): void {
    this.#engine = undefined;
    for (const { execution } of this.#open) execution?.kill();
  }

  /** An engine is there: what was stopped goes on, from its beginning. */
  async powerUp(engine: EmbeddedEngine): Promise<void> {
    this.powerFailed();
    this.#engine = engine;
    for (const started of [...this.#open]) await this.#run(started, engine);
  }

  /** Resolves when all have ended, those included that they start themselves. */
  async allEnded(): Promise<void> {
    while (this.#open.size > 0) await Promise.all([...this.#open].map(({ ended }) => ended));
  }

  async #run(started: Started, engine: EmbeddedEngine): Promise<void> {
    const { machine, request } = started;
    const execution = await engine.start(machine, request.name, request.input);
    started.execution = execution;
    this.#open.add(started);
    const finish = () => {
      if (started.execution !== execution || this.#engine !== engine) return; // killed, and goes on elsewhere
      this.#open.delete(started);
      started.end();
    };
    execution.outcome.then(finish, finish);
  }
}
