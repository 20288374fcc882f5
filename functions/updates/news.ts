import { daysBetween, type HostFact, type ReleaseFact } from "./facts.ts";
import { dayOfCheck } from "./records.ts";

/** A fact, and whether it is to be told as new. */
export interface Told<Fact> {
  readonly fact: Fact;
  readonly isNew: boolean;
}

/** What a check found of something, compared with what was told. */
export interface Compared<Fact> {
  /** Name of the host, or "15.1 amd64". */
  readonly name: string;
  /** All facts that were seen; those that are only remembered are not among them. */
  readonly facts: readonly Told<Fact>[];
}

/** All that a check found, compared with what was told. */
export interface News {
  /** First and last day without a check since the one that was told, both inclusive. */
  readonly missedDays?: { readonly from: string; readonly to: string };
  readonly hosts: readonly Compared<HostFact>[];
  readonly releases: readonly Compared<ReleaseFact>[];
}

/**
 * Compares the facts of a host or a release with those of the check that was told last. A fact is new when no fact there
 * had its key, be it seen or remembered. So what was told is not told again, however many days it stays; and what nobody
 * was told is new, however many checks found it before.
 */
export function compareFacts<Fact extends HostFact | ReleaseFact>(
  name: string,
  facts: readonly Fact[],
  toldKeys: ReadonlySet<string>,
): Compared<Fact> {
  const seen = facts.filter(({ isRemembered }) => !isRemembered);
  return { name, facts: seen.map((fact) => ({ fact, isNew: !toldKeys.has(fact.key) })) };
}

/** The days between two checks that had none. The first check has nothing before it to be missed. */
export function missedDaysBetween(told: string | undefined, check: string): News["missedDays"] {
  if (told === undefined) return undefined;
  const [from, to] = [dayAfter(dayOfCheck(told), 1), dayAfter(dayOfCheck(check), -1)];
  return daysBetween(from, to) < 0 ? undefined : { from, to };
}

/** Whether there is anything to say. */
export function isNews({ missedDays, hosts, releases }: News): boolean {
  return missedDays !== undefined || [...hosts, ...releases].some(hasNew);
}

/** Whether something of a host or a release is new. */
export function hasNew({ facts }: Compared<unknown>): boolean {
  return facts.some(({ isNew }) => isNew);
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}
