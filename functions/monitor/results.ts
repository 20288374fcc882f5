import { Failure } from "#platform";
import type { HourOfResults } from "./board.ts";
import type { Verdict } from "./check-result.ts";
import type { HourSummary } from "./history.ts";

/** One result of a check in an hour, as its word on the board says it. */
export interface RunResult {
  /** Of the hour: 0 to 59. */
  readonly minute: number;
  readonly verdict: Verdict;
  readonly milliseconds: number;
  /** It does not count: maintenance, a parent that failed, a monitor that was impaired. */
  readonly isExcused: boolean;
}

/** What should be an hour's words is something else. Nobody but this file writes them, so it is a bug. */
export class MalformedResultsError extends Failure {
  override readonly name = "MalformedResultsError";
}

const LETTERS = { GOOD: "g", FAILED: "f", "TIMED OUT": "t" } as const;
const VERDICTS: Readonly<Record<string, Verdict>> = { g: "GOOD", f: "FAILED", t: "TIMED OUT" };

/** A result as a word: "0g45"; "3T10000" timed out, and is excused. */
export function encodeResult({ minute, verdict, milliseconds, isExcused }: RunResult): string {
  const letter = LETTERS[verdict];
  return `${minute}${isExcused ? letter.toUpperCase() : letter}${Math.max(0, Math.round(milliseconds))}`;
}

/** Results as an hour's words: "0g45 1g44 2f3 3t10000". */
export function encodeResults(results: readonly RunResult[]): string {
  return results.map(encodeResult).join(" ");
}

/**
 * The results of an hour's words, in their order; none of "".
 * @throws MalformedResultsError
 */
export function decodeResults(words: string): RunResult[] {
  return words === "" ? [] : words.split(" ").map(decodeResult);
}

function decodeResult(word: string): RunResult {
  const [, minute, letter = "", milliseconds] = /^([0-9]|[1-5][0-9])([gftGFT])(\d{1,9})$/.exec(word) ?? [];
  const verdict = VERDICTS[letter.toLowerCase()];
  if (verdict === undefined) throw new MalformedResultsError(`"${word.slice(0, 40)}" is no result`);
  return {
    minute: Number(minute),
    verdict,
    milliseconds: Number(milliseconds),
    isExcused: letter !== letter.toLowerCase(),
  };
}

/** The hour's results with one more. A second result of a check in the same minute takes the place of the first. */
export function addResult(results: HourOfResults, check: string, result: RunResult): HourOfResults {
  const words = (Object.hasOwn(results, check) ? results[check] : undefined) ?? ""; // a check may be called constructor
  const last = Number.parseInt(words.slice(words.lastIndexOf(" ") + 1), 10);
  const isLatest = words === "" || last < result.minute; // nearly always: then nothing need be read
  const before = isLatest
    ? words
    : encodeResults(decodeResults(words).filter(({ minute }) => minute !== result.minute));
  return { ...results, [check]: [before, encodeResult(result)].filter((part) => part !== "").join(" ") };
}

/**
 * What is kept of an hour's words for 90 days.
 * @throws MalformedResultsError
 */
export function summarise(words: string): HourSummary {
  const results = decodeResults(words);
  const counted = results.filter(({ isExcused }) => !isExcused);
  const count = (verdict: Verdict) => counted.filter((one) => one.verdict === verdict).length;
  const times = counted.filter(({ verdict }) => verdict === "GOOD").map(({ milliseconds }) => milliseconds);
  return {
    runs: counted.length,
    failed: count("FAILED"),
    timedOut: count("TIMED OUT"),
    excused: results.length - counted.length,
    totalMilliseconds: times.reduce((sum, one) => sum + one, 0),
    slowestMilliseconds: Math.max(0, ...times),
  };
}
