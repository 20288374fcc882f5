import type { Definition, State } from "./definition.ts";

/**
 * Rewrites a machine for the interpreter, which knows only real time: a Wait becomes a Task that sleeps on the
 * engine's clock, retries follow at once (the engine sleeps before them itself), and every Resource becomes a
 * well-formed ARN, since tasks are told apart by their state's name. What the machine does stays the same.
 */
export function interpretable(definition: Definition): Definition {
  const { TimeoutSeconds: _, ...machine } = definition; // would be real seconds; waits have bounds of their own
  const States = Object.fromEntries(
    Object.entries(machine.States).map(([name, state]) => [name, interpretableState(name, state)]),
  );
  return { ...machine, States };
}

function interpretableState(name: string, state: State): State {
  if (state.Type === "Wait") {
    const { Seconds: _, SecondsPath: __, ...wait } = state;
    return { ...wait, Type: "Task", Resource: resource("wait"), TimeoutSeconds: FOR_EVER_SECONDS };
  }
  if (state.Type === "Task") return { ...state, Resource: resource(name), TimeoutSeconds: FOR_EVER_SECONDS };
  return {
    ...state,
    ...(state.ItemProcessor === undefined ? {} : { ItemProcessor: interpretable(state.ItemProcessor) }),
    ...(state.Branches === undefined ? {} : { Branches: state.Branches.map(interpretable) }),
  };
}

/** The engine bounds tasks itself; without a value the interpreter would end each after 60 real seconds. */
const FOR_EVER_SECONDS = 2_000_000; // setTimeout takes at most 2^31 milliseconds

function resource(name: string): string {
  return `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
}

/** How long a Wait waits, from its definition and its input. */
export function waitSeconds(state: State, input: unknown): number {
  if (state.Seconds !== undefined) return state.Seconds;
  const value = (state.SecondsPath ?? "$")
    .split(".")
    .slice(1)
    .reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), input);
  if (typeof value !== "number") throw new Error(`SecondsPath ${state.SecondsPath} names no number`);
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
