import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OperatorError } from "./operator-error.ts";
import { machineNames, type Workspace } from "./workspace.ts";

/** The machine, if there is one of that name. @throws OperatorError with those that there are, and the nearest */
export async function requireMachine(workspace: Workspace, machine: string): Promise<void> {
  const known = machineNames(workspace);
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
