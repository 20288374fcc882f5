import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Day } from "#ledger";
import { OperatorError } from "./operator-error.ts";
import { machineNames, type Workspace } from "./workspace.ts";

/** The machine, if there is one of that name. @throws OperatorError with those that there are, and the nearest */
export async function requireMachine(
  workspace: Workspace,
  machine: string,
  others: readonly string[] = [],
): Promise<void> {
  const known = [...machineNames(workspace), ...others];
  if (known.includes(machine)) return;
  const { nearest } = await import("#fleet");
  const meant = nearest(machine, known);
  const hint = meant === undefined ? "" : `Did you mean "${meant}"? `;
  throw new OperatorError(`no machine "${machine}"`, `${hint}There are: ${known.join(", ")}.`);
}

/** Whether a machine is about an image: whether it reads `$.image` of its input. */
export function takesImage({ root }: Workspace, machine: string): boolean {
  return /"\$\.image"/.test(readFileSync(join(root, "state-machines", `${machine}.asl.json`), "utf8"));
}

/** An instant of `--time`. @throws OperatorError unless it is ISO 8601 with a zone: a local time is ambiguous */
export function readTime(text: string): Date {
  const time = new Date(text);
  if (
    !/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text) ||
    Number.isNaN(time.getTime())
  ) {
    throw new OperatorError(`--time ${text} is not an instant`, "Write it like 2026-11-22T04:00:00Z.");
  }
  return time;
}

/** A TCP port. @throws OperatorError */
export function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) {
    throw new OperatorError(`--port ${text} is no TCP port`, "It is a number from 1 to 65535.");
  }
  return port;
}

/** A day. @throws OperatorError unless it is one, written like 2026-11-22 */
export async function readDay(text: string): Promise<Day> {
  const { DayText } = await import("#ledger");
  const day = DayText.safeParse(text);
  if (day.success) return day.data;
  throw new OperatorError(`${text} is not a day`, "Write it like 2026-11-22.");
}

/** Dollars as attodollars, in text. @throws OperatorError unless it is a positive amount */
export async function readDollars(text: string): Promise<string> {
  const { DollarText } = await import("#ledger");
  const amount = DollarText.safeParse(text);
  if (amount.success && amount.data > 0n) return String(amount.data);
  throw new OperatorError(
    `${text} is not an amount of dollars`,
    "Write it like 25 or 25.00, without a sign.",
  );
}

/** A machine's input besides image and time, as JSON. @throws OperatorError unless it is an object */
export function readInput(text: string | undefined): Record<string, unknown> {
  if (text === undefined) return {};
  try {
    const input: unknown = JSON.parse(text);
    if (typeof input === "object" && input !== null && !Array.isArray(input)) return { ...input };
  } catch {
    // told below, like everything else that is no object
  }
  throw new OperatorError(`--input ${text} is no JSON object`, 'Write it like \'{"account":"a1"}\'.');
}

/** The number of an incident. @throws OperatorError */
export function readIncident(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new OperatorError(
    `${text} is not the number of an incident`,
    "It stands in the message, before the dot: 12 in [12.3]. See all: nightshift incident",
  );
}

/** Hours for which an acknowledgement holds. @throws OperatorError */
export function readHours(text: string): number {
  const hours = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && hours > 0 && hours <= 72) return hours;
  throw new OperatorError(
    `--hours ${text} is no number of hours`,
    "It is a number up to 72, such as 8 or 0.5.",
  );
}

/** Seconds between two looks. @throws OperatorError */
export function readSeconds(text: string): number {
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds >= 1 && seconds <= 3600) return seconds;
  throw new OperatorError(`--every ${text} is no number of seconds`, "It is a number from 1 to 3600.");
}
