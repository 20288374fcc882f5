import type { Check } from "#fleet";
import { stopwatch } from "#platform";
import type { CheckResult } from "../check-result.ts";
import type { Surroundings } from "../ports.ts";
import { measure } from "./probes/measure.ts";

/** Bounds of a run. */
export interface Bounds {
  /** How many checks are measured at once. */
  readonly concurrency: number;
  /** In how many seconds everything must be over. */
  readonly withinSeconds: number;
}

/** A run measures at most twice (run-checks.ts), and its function is given time for that (functions.yml). */
export const WITHIN_SECONDS = 45;

const BOUNDS: Bounds = { concurrency: 25, withinSeconds: WITHIN_SECONDS };

/**
 * Measures all checks, the first first. Never throws. A check that could no longer be waited for as long as it may take
 * is not begun, and is missing in the answer: it was not measured, so nothing is known of it.
 */
export async function measureAll(
  checks: Readonly<Record<string, Check>>,
  surroundings: Surroundings,
  bounds: Partial<Bounds> = {},
): Promise<Map<string, CheckResult>> {
  const { concurrency, withinSeconds } = { ...BOUNDS, ...bounds };
  const elapsed = stopwatch();
  const results = new Map<string, CheckResult>();
  const waiting = Object.entries(checks);
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [name, check] = next;
      if (elapsed() / 1000 + check.timeoutSeconds > withinSeconds) continue;
      results.set(name, await measure(name, check, surroundings));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return results;
}
