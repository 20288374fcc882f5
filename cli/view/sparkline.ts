import { decodeResults, type RunResult } from "../../functions/monitor/results.ts";

/** Minutes that a sparkline is about. */
const MINUTES = 60;

const HEIGHTS = { unicode: "▁▂▃▄▅▆▇█", ascii: "_.-:=+*#" };

/** A check that takes as long as usual is as high as this; twice as long is two higher. */
const USUAL = 2;

/** One character of a sparkline. */
export interface Spark {
  readonly text: string;
  readonly kind: "good" | "bad" | "excused" | "silent";
}

/** Where the words of the last 60 minutes are, and how to show them. */
export interface SparkSource {
  /** Of the hour before. */
  readonly previous: string;
  /** Of the hour under way, up to `minute`. */
  readonly current: string;
  readonly minute: number;
  readonly everyMinutes: number;
  /** Characters; a divisor of 60. */
  readonly width: number;
  readonly unicode: boolean;
}

/**
 * The last hour of a check, a character for some minutes each: the higher, the slower (of those minutes the worst), × a
 * failure, ~ one that does not count, a blank where nothing was measured. A result holds until the next is due.
 * @throws MalformedResultsError
 */
export function sparkline(source: SparkSource): Spark[] {
  const minutes = lastHour(source);
  const usual = median(minutes.flatMap((one) => (one?.verdict === "GOOD" ? one.milliseconds : [])));
  const span = MINUTES / source.width;
  return Array.from({ length: source.width }, (_, at) =>
    sparkOf(
      minutes.slice(at * span, (at + 1) * span).filter((one) => one !== undefined),
      usual,
      source.unicode,
    ),
  );
}

function lastHour({ previous, current, minute, everyMinutes }: SparkSource): (RunResult | undefined)[] {
  const before = decodeResults(previous).map((one) => ({ ...one, minute: one.minute - 60 }));
  const results = [...before, ...decodeResults(current)];
  return Array.from({ length: MINUTES }, (_, at) => {
    const when = minute - (MINUTES - 1) + at;
    return results.findLast((one) => one.minute <= when && one.minute > when - everyMinutes);
  });
}

function sparkOf(results: readonly RunResult[], usual: number, unicode: boolean): Spark {
  const failed = results.filter(({ verdict }) => verdict !== "GOOD");
  if (failed.some(({ isExcused }) => !isExcused)) return { text: unicode ? "×" : "x", kind: "bad" };
  if (failed.length > 0) return { text: "~", kind: "excused" };
  if (results.length === 0) return { text: " ", kind: "silent" };
  const slowest = Math.max(...results.map(({ milliseconds }) => milliseconds));
  const doublings = usual === 0 || slowest === 0 ? 0 : Math.log2(slowest / usual);
  const height = Math.min(7, Math.max(0, Math.round(USUAL + 2 * doublings)));
  return { text: HEIGHTS[unicode ? "unicode" : "ascii"][height] ?? "", kind: "good" };
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}
