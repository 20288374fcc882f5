import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Clock, startCold } from "#platform";
import {
  deployedName,
  type FunctionName,
  functionOfResource,
  listFunctions,
} from "../../infra/function-name.ts";
import { readDefinition } from "./definition.ts";
import { Execution, type Usage } from "./execution.ts";
import type { ExecutionEvent } from "./execution-event.ts";
import { closeExecution, openExecution, recordEvent, type StoredExecution } from "./execution-store.ts";
import type { Outcome } from "./interpreter.ts";

/** Memory that every function is given (serverless.yml), for the price of a run. */
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

/** Runs state machines and calls functions, in this process. */
export interface EmbeddedEngine {
  /** @throws ExecutionRefusedError when the name runs already, or has ended */
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
    return module.handler(event, {
      functionName: deployedName(options.stage, name),
      awsRequestId: randomUUID(),
    });
  };
  const call = async (resource: string, input: unknown): Promise<unknown> => {
    const target = functionOfResource(resource, functions);
    if (target === undefined) throw new Error(`no function for ${resource}`);
    await options.beforeInvoke?.();
    return invoke(target, input);
  };

  return {
    invoke,
    start: async (machine, name, input, onEvent = () => undefined) => {
      const definition = readDefinition(options.root, machine);
      const stored = describeStart(options, machine, name, input);
      openExecution(options.folder, stored);
      const execution = new Execution(definition, {
        clock: options.clock,
        call,
        during: options.during ?? ((work) => work()),
        tell: (event) => {
          recordEvent(options.folder, name, event);
          onEvent(event);
        },
      });
      return {
        executionArn: stored.executionArn,
        usage: execution.usage,
        interrupt: () => execution.stop.interrupt(),
        kill: () => execution.stop.kill(),
        outcome: runToEnd(options, execution, stored),
      };
    },
  };
}

function describeStart(
  options: EngineOptions,
  machine: string,
  name: string,
  input: unknown,
): StoredExecution {
  const { stage, region, accountId, clock } = options;
  return {
    name,
    executionArn: `arn:aws:states:${region}:${accountId}:execution:nightshift-${stage}-${machine}:${name}`,
    machine,
    input,
    status: "RUNNING",
    startDate: clock.now().toISOString(),
    pid: process.pid,
  };
}

async function runToEnd(
  options: EngineOptions,
  execution: Execution,
  stored: StoredExecution,
): Promise<Outcome> {
  const outcome = await execution.run(stored.executionArn, stored.name, stored.machine, stored.input);
  if (execution.stop.killed) return outcome;
  closeExecution(options.folder, { ...stored, ...outcome, stopDate: options.clock.now().toISOString() });
  return outcome;
}
