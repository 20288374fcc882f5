import type { Fleet } from "#fleet";
import { CheckAheadError } from "./failures.ts";
import type { CheckBook } from "./ports.ts";
import type { Plan, ReleaseOfFleet } from "./records.ts";

/** By how much clocks may differ. */
const TOLERANCE_MILLISECONDS = 60_000;

/** What to check; not wanted when the fleet has no section `updates`. */
export type PlannedCheck = { readonly wanted: false } | ({ readonly wanted: true } & Plan);

/**
 * Decides what a check is about, once: whatever runs again gets the same plan, though a deployment changed the fleet in
 * between.
 * @throws CheckAheadError
 */
export async function planCheck(time: Date, fleet: Fleet, book: CheckBook, now: Date): Promise<PlannedCheck> {
  if (fleet.updates === undefined) return { wanted: false };
  if (time.getTime() - now.getTime() > TOLERANCE_MILLISECONDS)
    throw new CheckAheadError(`a check of ${time.toISOString()} cannot be made at ${now.toISOString()}`);
  const check = time.toISOString();
  const told = await book.told();
  const previous = told.check !== undefined && told.check < check ? told.check : null;
  const hosts = Object.keys(fleet.hosts).sort();
  const { endOfLifeDays } = fleet.updates;
  const releases = releasesOf(fleet);
  const plan = await book.keepPlan({ check, hosts, releases, endOfLifeDays, previous });
  return { wanted: true, ...plan };
}

/** The releases of the fleet's images, each once per architecture. */
function releasesOf({ images }: Fleet): ReleaseOfFleet[] {
  const all = Object.values(images).map(({ release, arch, filesystem }) => ({ release, arch, filesystem }));
  const byName = new Map(all.map((one) => [`${one.release}/${one.arch}`, one]));
  return [...byName].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, release]) => release);
}
