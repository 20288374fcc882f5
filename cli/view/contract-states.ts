import type { Definition, State } from "../../local/engine/definition.ts";
import { stateOrder, successors } from "./state-order.ts";

/** A way from one visible state to the next, through states that only steer. */
export interface Passage {
  readonly from: string;
  /** Undefined where the machine, or the iteration, ends well. */
  readonly to: string | undefined;
  /** The condition of the Choice on the way that decides; empty for its default, or without a Choice. */
  readonly condition: string;
  readonly waits: boolean;
}

interface ChoiceRule {
  readonly Next?: string;
  readonly Variable?: string;
  readonly StringEquals?: string;
  readonly And?: readonly ChoiceRule[];
}

/** Whether a state does something. Choice, Pass and Wait only steer, and a picture is clearer without them. */
export function isVisible(state: State | undefined): boolean {
  return state !== undefined && !["Choice", "Pass", "Wait"].includes(state.Type);
}

/** The first visible states from `name` on, itself included. */
export function firstVisible(definition: Definition, name: string): string[] {
  if (isVisible(definition.States[name])) return [name];
  return passagesFrom(definition, name).flatMap(({ to }) => to ?? []);
}

/** Every passage of one level of a machine, in the order in which a run meets the states. */
export function passages(definition: Definition): Passage[] {
  const { happy, failure } = stateOrder(definition);
  const visible = [...happy, ...failure].filter((name) => isVisible(definition.States[name]));
  return visible.flatMap((name) => passagesFrom(definition, name));
}

function passagesFrom(definition: Definition, from: string): Passage[] {
  const found = new Map<string | undefined, Passage>();
  const seen = new Set<string>();
  const follow = (name: string, condition: string, waited: boolean): void => {
    const state = definition.States[name];
    if (state === undefined || seen.has(name)) return;
    seen.add(name);
    const waits = waited || state.Type === "Wait";
    const nexts = successors(state);
    if (nexts.length === 0 && state.Type !== "Fail")
      found.set(undefined, { from, to: undefined, condition, waits });
    for (const next of nexts) {
      const way = conditionOf(state, next) || condition;
      if (!isVisible(definition.States[next])) follow(next, way, waits);
      else if (!found.has(next)) found.set(next, { from, to: next, condition: way, waits });
    }
  };
  follow(from, "", false);
  return [...found.values()];
}

function conditionOf(state: State, next: string): string {
  const rule = (state.Choices as readonly ChoiceRule[] | undefined)?.find(({ Next }) => Next === next);
  return rule === undefined ? "" : ruleInWords(rule);
}

/** "$.copy.state" equals "failed": `failed`. "$.builder.ready" is true: `ready`. */
function ruleInWords(rule: ChoiceRule): string {
  if (rule.And !== undefined) return rule.And.map(ruleInWords).join(", ");
  if (rule.StringEquals !== undefined) return rule.StringEquals;
  const member = rule.Variable?.split(".").at(-1) ?? "";
  return member.replaceAll(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);
}
