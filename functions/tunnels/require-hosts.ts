import { reasonOf } from "#platform";
import { HostsMissedError } from "./failures.ts";
import type { HostOutcome } from "./rotation.ts";

/** How many hosts a message names. */
const NAMED_HOSTS = 5;

/** @throws HostsMissedError naming every host on which a step was not done, and why */
export function requireHosts(outcomes: readonly HostOutcome[]): { readonly hosts: number } {
  const missed = missedHosts(outcomes);
  if (missed.length === 0) return { hosts: outcomes.length };
  const more = missed.length > NAMED_HOSTS ? [`and ${missed.length - NAMED_HOSTS} more`] : [];
  throw new HostsMissedError([...missed.slice(0, NAMED_HOSTS), ...more].join("; "));
}

/** "www: HostUnreachableError: www.example.org:8022: refused", of each host that was missed. */
export function missedHosts(outcomes: readonly HostOutcome[]): string[] {
  return outcomes.flatMap(({ host, missed }) =>
    missed === undefined ? [] : [`${host}: ${reasonOf(missed)}`],
  );
}
