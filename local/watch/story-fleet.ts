import { readFileSync } from "node:fs";
import { type Fleet, parseFleet } from "#fleet";

/** The fleet of a file. @throws FleetError */
export function loadedFleet(file: string): Fleet {
  return parseFleet(readFileSync(file, "utf8"), file);
}

/** A fleet with another section `monitor`, as the text of a fleet.yml: JSON is YAML. */
export function storyFleet(fleet: Fleet, monitor: object): string {
  return JSON.stringify({ ...fleet, monitor }, null, 2);
}
