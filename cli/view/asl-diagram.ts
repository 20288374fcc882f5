import type { Definition } from "../../local/engine/definition.ts";
import { firstVisible, isVisible, type Passage, passages } from "./contract-states.ts";
import { type CommentedState, failureTargets, stateOrder } from "./state-order.ts";

/** Neighbours on the happy path whose failure leads to the same place. */
interface CatchGroup {
  readonly states: string[];
  readonly target: string | undefined;
}

/**
 * A state machine as a Mermaid flowchart (mermaid.js.org, "Flowcharts"): the happy path from top to bottom, Maps as
 * boxes, poll loops as one state with a loop, and one dotted arrow from each group of states that fail to the same
 * place. Ends with a newline. Same definition, same text.
 */
export function aslDiagram(definition: Definition): string {
  const groups = catchGroups(definition);
  const failure = stateOrder(definition).failure.filter((name) => isVisible(definition.States[name]));
  const lines = [
    "flowchart TD",
    ...indent(startArrows(definition)),
    ...indent(groups.flatMap((group, index) => groupBox(definition, group, index))),
    ...indent(failure.length === 0 ? [] : box("failure", "after a failure", nodes(definition, failure))),
    ...indent(arrows(definition, "Done")),
    ...indent(groups.flatMap((group, index) => failureArrow(group, index))),
  ];
  return `${lines.join("\n")}\n`;
}

function startArrows(definition: Definition): string[] {
  return [
    'Start(("start"))',
    'Done(("done"))',
    ...firstVisible(definition, definition.StartAt).map((to) => `Start --> ${to}`),
  ];
}

function catchGroups(definition: Definition): CatchGroup[] {
  const groups: CatchGroup[] = [];
  for (const name of stateOrder(definition).happy) {
    const state = definition.States[name];
    if (state === undefined || !isVisible(state)) continue;
    const target = failureTargets(state).flatMap((one) => firstVisible(definition, one))[0];
    const last = groups.at(-1);
    if (last !== undefined && last.target === target) last.states.push(name);
    else groups.push({ states: [name], target });
  }
  return groups;
}

function groupBox(definition: Definition, group: CatchGroup, index: number): string[] {
  const inside = nodes(definition, group.states);
  return group.target === undefined || group.states.length === 1 ? inside : box(groupId(index), " ", inside);
}

function failureArrow({ states, target }: CatchGroup, index: number): string[] {
  if (target === undefined) return [];
  return [`${states.length === 1 ? states[0] : groupId(index)} -. any failure .-> ${target}`];
}

function groupId(index: number): string {
  return `group${index + 1}`;
}

function nodes(definition: Definition, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const state: CommentedState | undefined = definition.States[name];
    return state === undefined ? [] : node(name, state);
  });
}

function node(name: string, state: CommentedState): string[] {
  if (state.Type === "Fail") return [`${name}{{"${name}"}}`];
  if (state.ItemProcessor !== undefined) return mapNode(name, state, state.ItemProcessor);
  return [`${name}["${label(name, state.Comment)}"]`];
}

/** A Map over one task is a node; over several, a box that holds them. */
function mapNode(name: string, state: CommentedState, inner: Definition): string[] {
  const { happy, failure } = stateOrder(inner);
  const visible = [...happy, ...failure].filter((one) => isVisible(inner.States[one]));
  if (visible.length < 2) return [`${name}[["${label(name, `for each: ${visible.join()}`)}"]]`];
  const title = label(name, state.Comment ?? "for each item");
  return box(name, title, [...nodes(inner, visible), ...arrows(inner, undefined)]);
}

/** Arrows between visible states. Where the machine ends they lead to `done`, if there is such a node. */
function arrows(definition: Definition, done: string | undefined): string[] {
  const order = Object.values(stateOrder(definition)).flat();
  const all = passages(definition);
  return all.flatMap((passage) => {
    const to = passage.to ?? done;
    return to === undefined ? [] : [`${passage.from} -->${arrowLabel(passage, all, order)} ${to}`];
  });
}

/** Only what needs a word gets one: a way back, and a way that is taken instead of another one. */
function arrowLabel(passage: Passage, all: readonly Passage[], order: readonly string[]): string {
  const leadsBack = ({ from, to }: Passage) => to !== undefined && order.indexOf(to) <= order.indexOf(from);
  const onward = all.filter((one) => one.from === passage.from && !leadsBack(one));
  const words = leadsBack(passage)
    ? passage.condition || (passage.waits ? "wait" : "again")
    : onward.length > 1
      ? passage.condition
      : "";
  return words === "" ? "" : `|${entities(words)}|`;
}

function box(id: string, title: string, inside: readonly string[]): string[] {
  return [`subgraph ${id}["${title}"]`, ...indent(["direction TB", ...inside]), "end"];
}

function label(name: string, comment: string | undefined): string {
  return comment === undefined ? name : `${name}<br/>${entities(comment)}`;
}

/** Mermaid reads quotes and brackets as syntax; its own entities stand for them. */
function entities(text: string): string {
  return text.replaceAll(/["<>|#]/g, (character) => `#${character.charCodeAt(0)};`);
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
