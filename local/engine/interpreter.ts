import { ExecutionError, StateMachine, type StateMachineDefinition } from "aws-local-stepfunctions";
import type { Definition } from "./definition.ts";
import { interpretable } from "./interpretable.ts";

/** What the interpreter reports of states that are not tasks. */
export interface StateVisit {
  readonly phase: "entered" | "exited";
  readonly state: string;
  readonly kind: string;
  readonly value: unknown;
}

export interface InterpreterOptions {
  readonly executionArn: string;
  readonly name: string;
  /** Carries out the Task or Wait state of that name. */
  readonly perform: (state: string, input: unknown) => Promise<unknown>;
  readonly onVisit: (visit: StateVisit) => void;
}

/** How a machine ended. */
export type Outcome =
  | { readonly status: "SUCCEEDED"; readonly output: unknown }
  | { readonly status: "FAILED"; readonly error: string; readonly cause: string };

type Json = Parameters<StateMachine["run"]>[0];

/**
 * Runs a machine to its end. The only file that knows aws-local-stepfunctions; it uses the subset that both engines
 * share (JSONPath, no service integrations, inline Map).
 */
export async function interpret(
  definition: Definition,
  input: unknown,
  options: InterpreterOptions,
): Promise<Outcome> {
  const machine = new StateMachine(interpretable(definition) as unknown as StateMachineDefinition, {
    validationOptions: { noValidate: true }, // the architecture tests lint every machine, and far more strictly
  });
  const names = taskNames(interpretable(definition));
  const running = machine.run(input as Json, {
    context: { Execution: { Id: options.executionArn, Name: options.name } } as never,
    overrides: {
      taskResourceLocalHandlers: Object.fromEntries(
        names.map((name) => [name, async (task: Json) => (await options.perform(name, task)) as Json]),
      ),
      retryIntervalOverrides: Object.fromEntries(names.map((name) => [name, 0])),
    },
  });
  const visits = report(running.eventLogs, new Set(names), options.onVisit);
  try {
    const output = await running.result;
    await visits;
    return { status: "SUCCEEDED", output };
  } catch (failure) {
    const error = failure instanceof ExecutionError ? failure.cause : failure;
    if (!(error instanceof Error)) throw failure;
    return { status: "FAILED", error: error.name, cause: error.message };
  }
}

async function report(
  events: ReturnType<StateMachine["run"]>["eventLogs"],
  tasks: ReadonlySet<string>,
  onVisit: (visit: StateVisit) => void,
): Promise<void> {
  for await (const event of events) {
    if (event.type !== "StateEntered" && event.type !== "StateExited") continue;
    const { name, type, input, output } = event.state;
    if (tasks.has(name)) continue; // the engine tells of these itself, in causal order
    const entered = event.type === "StateEntered";
    onVisit({
      phase: entered ? "entered" : "exited",
      state: name,
      kind: type,
      value: entered ? input : output,
    });
  }
}

function taskNames(definition: Definition): string[] {
  return Object.entries(definition.States).flatMap(([name, state]) => [
    ...(state.Type === "Task" ? [name] : []),
    ...(state.ItemProcessor === undefined ? [] : taskNames(state.ItemProcessor)),
    ...(state.Branches ?? []).flatMap(taskNames),
  ]);
}
