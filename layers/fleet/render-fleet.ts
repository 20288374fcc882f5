import { stringify } from "yaml";
import type { Fleet } from "./fleet.ts";

/** A fleet as YAML, defaults written out. parseFleet(renderFleet(fleet)) equals fleet. */
export function renderFleet(fleet: Fleet): string {
  // Lines are left as long as they are: folding would be legal YAML, and unreadable scripts.
  return stringify(fleet, { lineWidth: 0, aliasDuplicateObjects: false });
}
