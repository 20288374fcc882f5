import type { Definition, State } from "../../local/engine/definition.ts";

/** A definition as far as these views read it; Comment is what a person says about it. */
export type CommentedState = State & { readonly Comment?: string };

/** Where a state leads when all goes well. A Choice leads to each of its targets. */
export function successors(state: State): string[] {
  const choices = (state.Choices ?? []).flatMap(({ Next }) => Next ?? []);
  return [...new Set([...choices, ...[state.Next, state.Default].flatMap((next) => next ?? [])])];
}

/** Where a state leads when it fails. */
export function failureTargets(state: State): string[] {
  return [...new Set((state.Catch ?? []).map(({ Next }) => Next))];
}

/** States in the order in which a run meets them, apart by whether something had to fail first. */
export interface StateOrder {
  readonly happy: readonly string[];
  readonly failure: readonly string[];
}

/**
 * Orders the states of one level: each after the states that lead to it, loops aside. (Reverse postorder of a
 * depth-first walk: Aho, Sethi, Ullman, "Compilers", 10.9.)
 */
export function stateOrder(definition: Definition): StateOrder {
  const seen = new Set<string>();
  const happy = walk(definition, [definition.StartAt], seen, successors);
  const caught = happy.flatMap((name) => targetsOf(definition, name, failureTargets));
  const failure = walk(definition, caught, seen, (state) => [...successors(state), ...failureTargets(state)]);
  return { happy, failure };
}

function walk(
  definition: Definition,
  starts: readonly string[],
  seen: Set<string>,
  leadsTo: (state: State) => string[],
): string[] {
  const finished: string[] = [];
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const next of targetsOf(definition, name, leadsTo)) visit(next);
    finished.push(name);
  };
  for (const start of starts) visit(start);
  return finished.reverse();
}

function targetsOf(definition: Definition, name: string, leadsTo: (state: State) => string[]): string[] {
  const state = definition.States[name];
  return state === undefined ? [] : leadsTo(state);
}
