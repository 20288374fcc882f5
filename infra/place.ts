/**
 * Where something is deployed. `watch` is the stack that looks at the others, in a region of its own: it must work, and
 * be deployable, while everything in `home` is down.
 */
export type Place = "home" | "watch";

/** Both, in the order in which they are deployed: what watches is there before what it watches. */
export const PLACES: readonly Place[] = ["watch", "home"];

/** The place of a domain of functions/: `monitor` is in the watch region, every other one at home. */
export function placeOfDomain(domain: string): Place {
  return domain === "monitor" ? "watch" : "home";
}

/** The place of a machine, from the domain that its name begins with: "monitor-escalate" is in the watch region. */
export function placeOfMachine(machine: string): Place {
  return placeOfDomain(machine.split("-")[0] ?? "");
}

/** What a schedule or a pattern starts: a machine, or a function, "monitor/run-checks". */
export interface Target {
  readonly machine?: string | undefined;
  readonly function?: string | undefined;
}

/** The place of a schedule or of a pattern, which is its target's: neither can start anything in another region. */
export function placeOfTarget(target: Target): Place {
  if (target.machine !== undefined) return placeOfMachine(target.machine);
  return placeOfDomain(target.function?.split("/")[0] ?? "");
}

/** Those of some schedules or patterns, by name, that belong to a place. */
export function ofPlace<T extends Target>(targets: Readonly<Record<string, T>>, place: Place) {
  return Object.fromEntries(Object.entries(targets).filter(([, one]) => placeOfTarget(one) === place));
}

/** The region of a place, "us-west-2"; `regions` as fleet.yml has them. */
export function regionOf(place: Place, regions: Readonly<Record<Place, string>>): string {
  return regions[place];
}

/**
 * Name of a stage's stack in a place, "nightshift-prod" or "nightshift-prod-watch". It also begins the names of what
 * all regions of an account share, such as roles, so that the two stacks never claim the same one.
 */
export function stackName(stage: string, place: Place): string {
  return place === "home" ? `nightshift-${stage}` : `nightshift-${stage}-${place}`;
}
