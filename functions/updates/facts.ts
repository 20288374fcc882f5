/*
 * What is known, taken apart into facts that can be told one by one. Whether a fact is new is decided by its key alone:
 * what is the same fact in other words has the same key.
 */

/** Kinds of facts about a host, worst first: the order in which they are told. */
export const HOST_FACTS = [
  "key-changed",
  "vulnerable",
  "missed",
  "unread",
  "base",
  "reboot",
  "package",
  "note",
] as const;

export type HostFactKind = (typeof HOST_FACTS)[number];

/** Kinds of facts about a release, in the order in which they are told. */
export const RELEASE_FACTS = ["ended", "ending", "patch", "newer", "unknown"] as const;

export type ReleaseFactKind = (typeof RELEASE_FACTS)[number];

export interface Fact<Kind extends string = string> {
  readonly kind: Kind;
  /** Identity within its host or release. */
  readonly key: string;
  /** One line, harmless. */
  readonly line: string;
  /** Advisories. */
  readonly links?: readonly string[];
  /** It could not be seen this time, and is what was known before: never news, and not told. */
  readonly isRemembered: boolean;
  /** The package that it is about. */
  readonly packageName?: string;
  /** A newer version of that package can be had: an image that holds it would be another one today. */
  readonly isUpgrade?: boolean;
}

export type HostFact = Fact<HostFactKind>;
export type ReleaseFact = Fact<ReleaseFactKind>;

/** A fact of which is not said yet whether it was seen. */
export type NewFact = Omit<HostFact, "isRemembered">;

/** Puts a fact of a host together. */
export function hostFact(
  kind: HostFactKind,
  key: string,
  line: string,
  more: Partial<NewFact> = {},
): NewFact {
  return { kind, key, line, ...more };
}

/** Whole days between two instants or days, rounded down. */
export function daysBetween(from: string, to: string): number {
  return Math.floor((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

/** How often one hears again of what stays unknown. */
const REMINDER_DAYS = 7;

/** Which reminder is due: 0 at first, and one more after each week. In a key, it makes an old fact a new one. */
export function reminderDue(since: string, check: string): number {
  return Math.floor(daysBetween(since, check) / REMINDER_DAYS);
}

/** "", or ", for 3 days now". */
export function lasting(since: string, check: string): string {
  const days = daysBetween(since, check);
  return days === 0 ? "" : `, for ${days} day${days === 1 ? "" : "s"} now`;
}
