import { expect } from "@jest/globals";
import type { CheckState, Silence } from "../../../../functions/monitor/board.ts";
import type { CheckResult, Verdict } from "../../../../functions/monitor/check-result.ts";
import { judge, type Thresholds } from "../../../../functions/monitor/judging/judge.ts";

/**
 * One line of a story: a result (G, F, T), what it leads to, and why. "open" and "recover" are transitions; anything else
 * is the phase.
 */
export type Line = readonly [result: "G" | "F" | "T", then: string, because: string, silence?: Silence];

const VERDICTS: Readonly<Record<string, Verdict>> = { G: "GOOD", F: "FAILED", T: "TIMED OUT" };

export function resultOf(letter: string): CheckResult {
  const verdict = VERDICTS[letter] ?? "GOOD";
  return { verdict, milliseconds: 10, reason: verdict.toLowerCase() };
}

/** Plays a story, a line a minute; each line must come out as it says. Answers the last state. */
export function play(thresholds: Thresholds, story: readonly Line[]): CheckState | undefined {
  let state: CheckState | undefined;
  let incidents = 0;
  for (const [index, [letter, then, because, silence]] of story.entries()) {
    const at = new Date(Date.UTC(2026, 10, 27, 3, index)).toISOString();
    const judged = judge(state, resultOf(letter), at, thresholds, silence);
    const { transition } = judged;
    const kind = transition?.kind === "open" ? `open ${transition.cause}` : transition?.kind;
    expect(`${index}: ${kind ?? judged.state.phase} (${because})`).toBe(`${index}: ${then} (${because})`);
    if (transition?.kind === "open") incidents += 1;
    state = transition?.kind === "open" ? { ...judged.state, incident: incidents } : judged.state;
  }
  return state;
}
