import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A Retry entry of a Task (Amazon States Language, "Retrying after error"). */
export interface Retrier {
  readonly ErrorEquals: string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
}

/** As much of a state as the engine looks at. */
export interface State {
  readonly Type: "Task" | "Wait" | "Choice" | "Pass" | "Map" | "Parallel" | "Succeed" | "Fail";
  readonly Resource?: string;
  readonly Seconds?: number;
  readonly SecondsPath?: string;
  readonly TimeoutSeconds?: number;
  readonly Next?: string;
  readonly End?: boolean;
  readonly Default?: string;
  readonly Choices?: { readonly Next?: string }[];
  readonly Retry?: Retrier[];
  readonly Catch?: { readonly ErrorEquals: string[]; readonly Next: string }[];
  readonly ItemProcessor?: Definition;
  readonly Branches?: Definition[];
}

/** A state machine, or the inside of a Map. */
export interface Definition {
  readonly StartAt: string;
  readonly TimeoutSeconds?: number;
  readonly States: Readonly<Record<string, State>>;
}

/** Reads `state-machines/<machine>.asl.json`. */
export function readDefinition(root: string, machine: string): Definition {
  return JSON.parse(readFileSync(join(root, "state-machines", `${machine}.asl.json`), "utf8"));
}

/** Every state with its name and the Map that it lies in, if any. Names are unique within a machine. */
export function allStates(
  definition: Definition,
  map?: string,
): { name: string; state: State; map: string | undefined }[] {
  return Object.entries(definition.States).flatMap(([name, state]) => [
    { name, state, map },
    ...(state.ItemProcessor === undefined ? [] : allStates(state.ItemProcessor, name)),
    ...(state.Branches ?? []).flatMap((branch) => allStates(branch, map)),
  ]);
}

/** Names of the states that can be entered from `from`, itself included, on one level of the machine. */
export function reachableStates(definition: Definition, from: string): Set<string> {
  const seen = new Set<string>();
  const open = [from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const state = definition.States[name];
    if (state === undefined || seen.has(name)) continue;
    seen.add(name);
    const choices = (state.Choices ?? []).map((choice) => choice.Next);
    const catches = (state.Catch ?? []).map((catcher) => catcher.Next);
    for (const next of [state.Next, state.Default, ...choices, ...catches])
      if (next !== undefined) open.push(next);
  }
  return seen;
}

/**
 * The states whose failure leads to clean-up, or to undoing what was begun: where an interrupted run may be stopped so that
 * the machine's own Catch cleans up after it. States inside a Map fail together with it.
 */
export function statesThatLeadToCleanUp(definition: Definition): Set<string> {
  const isCleanUp = (name: string) => /^(CleanUp|Undo)/.test(name);
  const leads = new Set<string>();
  for (const [name, state] of Object.entries(definition.States)) {
    const catcher = state.Catch?.find(({ ErrorEquals }) => ErrorEquals.includes("States.ALL"));
    if (catcher === undefined || ![...reachableStates(definition, catcher.Next)].some(isCleanUp)) continue;
    leads.add(name);
    if (state.ItemProcessor !== undefined)
      for (const inner of allStates(state.ItemProcessor)) leads.add(inner.name);
  }
  return leads;
}

/** The states from which one of `goals` can still be entered, goals included. States inside a Map go with it. */
export function statesThatPrecede(definition: Definition, goals: ReadonlySet<string>): Set<string> {
  const precede = Object.entries(definition.States).filter(([name]) =>
    [...reachableStates(definition, name)].some((one) => goals.has(one)),
  );
  return new Set(
    precede.flatMap(([name, { ItemProcessor }]) => [
      name,
      ...(ItemProcessor === undefined ? [] : allStates(ItemProcessor).map((inner) => inner.name)),
    ]),
  );
}
