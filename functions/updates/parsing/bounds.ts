import { quoted } from "#hosts";

/*
 * A host that was broken into chooses every byte of its report. What is kept of one is bounded, so that a result stays
 * below 300 KB of JSON whatever comes (DynamoDB quota: 400 KB an item), and has no control characters.
 */

/** How many items of each kind are kept. */
export const KEPT = { changes: 120, files: 50, notes: 8, packages: 30, advisories: 3, names: 4 } as const;

/** Longer lines than this are no item of anything. */
const LINE_CHARACTERS = 400;

/** The first of some items, and how many were left out. */
export function bounded<Item>(items: readonly Item[], limit: number): { kept: Item[]; more: number } {
  return { kept: items.slice(0, limit), more: Math.max(items.length - limit, 0) };
}

/** "and 3 more packages"; nothing when there are none. */
export function andMore(more: number, what: string): string[] {
  return more === 0 ? [] : [`and ${more} more ${what}${more === 1 ? "" : "s"}`];
}

/** A text of a host's as one harmless line of at most `limit` characters and three dots. */
export function shortened(text: string, limit: number): string {
  const line = quoted(text);
  return line.length <= limit ? line : `${line.slice(0, limit).toWellFormed()}...`;
}

/** The lines of an output. Those that are too long to be read are there, shortened. */
export function readable(lines: readonly string[]): string[] {
  return lines.map((line) => line.slice(0, LINE_CHARACTERS).trimEnd());
}

/** Notes, no more than anybody reads. */
export function boundedNotes(notes: readonly string[]): string[] {
  const { kept, more } = bounded([...new Set(notes)], KEPT.notes);
  return [...kept, ...andMore(more, "note")];
}
