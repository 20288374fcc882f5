import { readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { Fleet } from "#fleet";
import { OperatorError } from "./operator-error.ts";

/**
 * Reads a fleet.yml.
 * @throws FleetError with every problem; OperatorError when there is no such file.
 */
export async function loadFleet(file: string): Promise<Fleet> {
  const { parseFleet } = await import("#fleet");
  return parseFleet(read(file), shown(file));
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const missing = typeof cause === "object" && cause !== null && "code" in cause && cause.code === "ENOENT";
    const why = missing ? "there is no such file" : String(cause);
    throw new OperatorError(`cannot read ${shown(file)}: ${why}`, "Name another one with --fleet.", {
      cause,
    });
  }
}

/** As the operator would type it, so that editors find it: relative, if it is near. */
function shown(file: string): string {
  const near = relative(process.cwd(), resolve(file));
  return near.startsWith("..") ? file : near;
}
