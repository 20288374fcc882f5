import type { Bar } from "./document.ts";
import { counted } from "./in-words.ts";

/**
 * How high each bar is, in whole steps: the highest has `steps`, and what is more than nothing has at least one. Bars
 * begin at zero, so that twice the height is twice the size.
 */
export function heights(bars: readonly Bar[], steps: bigint): bigint[] {
  const top = bars.reduce((most, { size }) => (size > most ? size : most), 1n);
  return bars.map(({ size }) => (size <= 0n ? 0n : (size * steps + top - 1n) / top));
}

/** What a chart shows, in lines: for who cannot see it, and exactly for who can. None without bars. */
export function chartInWords(bars: readonly Bar[]): string[] {
  const bySize = bars.toSorted((one, other) =>
    one.size === other.size ? 0 : one.size < other.size ? -1 : 1,
  );
  const [first, last, lowest, highest] = [bars[0], bars.at(-1), bySize[0], bySize.at(-1)];
  if (!first || !last || !lowest || !highest) return [];
  if (bars.length === 1) return [`1 night, ${last.day}: ${last.words}.`];
  return [
    `${counted(bars.length, "night")}, ${first.day} to ${last.day}.`,
    `Lowest: ${lowest.words} (${lowest.day}).`,
    `Highest: ${highest.words} (${highest.day}).`,
  ];
}
