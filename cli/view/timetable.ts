import { type FunctionName, functionOfResource } from "../../infra/function-name.ts";
import { placeOfTarget } from "../../infra/place.ts";
import type { Schedule } from "../../infra/schedule.ts";
import type { Definition } from "../../local/engine/definition.ts";
import { columns } from "./columns.ts";
import { cronInWords } from "./cron-words.ts";
import { stateOrder } from "./state-order.ts";

export interface TimetableParts {
  /** Of events/schedules.yml: name → schedule. */
  readonly schedules: Readonly<Record<string, Schedule>>;
  /** Of state-machines/: machine → definition. */
  readonly definitions: Readonly<Record<string, Definition>>;
  /** Every function of the project. */
  readonly functions: readonly FunctionName[];
}

/**
 * What happens when: each schedule, the machine that it starts, and for each state the file in which it is written; or
 * the file of the function that it calls. A machine that two schedules start is told once. Ends with a newline.
 */
export function renderTimetable(parts: TimetableParts): string {
  const told = new Set<string>();
  const blocks = Object.entries(parts.schedules).map(([name, schedule]) => {
    const again = told.has(schedule.machine ?? "");
    if (schedule.machine !== undefined) told.add(schedule.machine);
    return [...heading(name, schedule), ...(again ? ["  (its states stand above)"] : chain(schedule, parts))];
  });
  return blocks.length === 0
    ? "Nothing is scheduled.\n"
    : `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function heading(name: string, schedule: Schedule): string[] {
  const { cron, timeZone, description, input } = schedule;
  const words = cronInWords(cron, timeZone);
  const when = words === undefined ? `cron(${cron}) ${timeZone}` : `${words}   cron(${cron})`;
  const where = placeOfTarget(schedule) === "home" ? "" : "   in the watch region";
  const given = Object.entries(input).map(([key, value]) => `, ${key} ${String(value)}`);
  return [`${name}: ${when}${where}`, `  ${description}`, `  ${fileOf(schedule)}${given.join("")}`];
}

function fileOf(schedule: Schedule): string {
  if (schedule.machine !== undefined) return `state-machines/${schedule.machine}.asl.json`;
  return `functions/${schedule.function?.replace("/", "/handlers/")}.ts`;
}

/** What follows from a schedule: a machine's states. A function that is called by itself is the whole chain. */
function chain(schedule: Schedule, parts: TimetableParts): string[] {
  if (schedule.machine !== undefined) return machine(schedule.machine, parts);
  const isThere = parts.functions.some(({ file }) => file === fileOf(schedule));
  return isThere ? [] : [`  there is no function ${schedule.function}`];
}

function machine(name: string, { definitions, functions }: TimetableParts): string[] {
  const definition = definitions[name];
  if (definition === undefined) return [`  there is no machine ${name}`];
  return columns(rows(definition, functions, "    "));
}

function rows(definition: Definition, functions: readonly FunctionName[], indent: string): string[][] {
  const { happy, failure } = stateOrder(definition);
  const told = (names: readonly string[]) =>
    names.flatMap((name) => row(name, definition, functions, indent));
  const afterFailure = told(failure);
  return [
    ...told(happy),
    ...(afterFailure.length === 0 ? [] : [[`${indent}-- after a failure --`]]),
    ...afterFailure,
  ];
}

/** Tasks, and what Maps hold. States that only steer have no file. */
function row(
  name: string,
  definition: Definition,
  functions: readonly FunctionName[],
  indent: string,
): string[][] {
  const state = definition.States[name];
  if (state?.Type === "Task") {
    const file = functionOfResource(state.Resource ?? "", functions)?.file;
    return [[`${indent}${name}`, file ?? `no function for ${state.Resource}`]];
  }
  const inner = [
    ...(state?.ItemProcessor === undefined ? [] : [state.ItemProcessor]),
    ...(state?.Branches ?? []),
  ];
  if (inner.length === 0) return [];
  const what = state?.Type === "Map" ? "for each" : "side by side";
  return [[`${indent}${name}`, what], ...inner.flatMap((one) => rows(one, functions, `${indent}  `))];
}
