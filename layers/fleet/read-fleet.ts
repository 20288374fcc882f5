import { readFileSync } from "node:fs";
import { checkFleet } from "./check-fleet.ts";
import type { Fleet } from "./fleet.ts";
import { FleetError } from "./fleet-error.ts";

/**
 * Reads the fleet that a function was deployed with: the JSON form of a checked fleet.yml, so that no function
 * carries a YAML parser. It is checked again, since function and file may come from different versions.
 * @throws FleetError
 */
export function readFleet(file: string): Fleet {
  const checked = checkFleet(parse(file));
  if ("fleet" in checked) return checked.fleet;
  const lines = checked.findings.map(({ path, message }) => `${file}: ${path.join(".")}: ${message}`);
  throw new FleetError(lines.join("\n"));
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new FleetError(`${file}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}
