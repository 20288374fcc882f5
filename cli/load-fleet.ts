import { readFileSync } from "node:fs";
import type { Fleet } from "#fleet";
import { nearPath } from "./near-path.ts";
import { OperatorError } from "./operator-error.ts";

/** What an operator can be told of errno(2). */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "you may not read it",
};

/**
 * Reads a fleet.yml.
 * @throws FleetError with every problem; OperatorError when there is no such file.
 */
export async function loadFleet(file: string): Promise<Fleet> {
  const { parseFleet } = await import("#fleet");
  return parseFleet(read(file), nearPath(file));
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
    const why = REASONS[code] ?? String(cause);
    throw new OperatorError(`cannot read ${nearPath(file)}: ${why}`, "Name another one with --fleet.", {
      cause,
    });
  }
}
