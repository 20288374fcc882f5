import type { CheckState } from "../../functions/monitor/board.ts";
import type { Colour } from "./terminal.ts";

/** A check's state to the operator: a symbol, a word and a colour that say the same. */
export interface CheckWords {
  readonly sign: string;
  readonly ascii: string;
  readonly word: string;
  readonly colour: Colour;
}

const SILENCES = { parent: "parent fails", maintenance: "maintenance", impaired: "impaired" } as const;

/**
 * The words of a state: "good", "failing 2/3" (of so many in a row that are an alarm), "ALARM", "flapping", or why its
 * failures raise no alarm.
 */
export function checkWords(state: CheckState | undefined, failuresBeforeAlarm: number): CheckWords {
  if (state === undefined) return { sign: "·", ascii: ".", word: "no result", colour: "dim" };
  if (state.silence !== undefined && (state.phase !== "good" || state.silence === "maintenance"))
    return { sign: "~", ascii: "~", word: SILENCES[state.silence], colour: "dim" };
  if (state.isFlapping) return { sign: "≈", ascii: "%", word: "flapping", colour: "yellow" };
  if (state.phase === "alarm") return { sign: "✗", ascii: "X", word: "ALARM", colour: "red" };
  if (state.phase === "good") return { sign: "✓", ascii: "+", word: "good", colour: "green" };
  return {
    sign: "!",
    ascii: "!",
    word: `failing ${state.failures}/${failuresBeforeAlarm}`,
    colour: "yellow",
  };
}
