import { createContext, Script } from "node:vm";
import type { Match } from "../../findings/finding.ts";

/**
 * Much longer than any sensible pattern takes for a page of the greatest length. It is time on the wall, in which a busy
 * machine may do nothing for us: so whoever needed too much is tried once more.
 */
const LIMIT_MILLISECONDS = 1000;
const TRIES = 2;

const context = createContext({ pattern: "", text: "" });
const script = new Script("new RegExp(pattern).test(text)");

/**
 * Whether a regular expression matches what a stranger sent. An unlucky pattern and a text that was made for it may take
 * for ever, and nothing else would happen in this process meanwhile: only a script of node:vm can be stopped in it. A
 * pattern that repeats nothing cannot be unlucky.
 */
export function matchPattern(pattern: string, text: string): Match {
  if (!/[*+?{]/.test(pattern)) return new RegExp(pattern).test(text) ? "yes" : "no";
  Object.assign(context, { pattern, text });
  try {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const match = tryPattern();
      if (match !== "undecided") return match;
    }
    return "undecided";
  } finally {
    Object.assign(context, { pattern: "", text: "" });
  }
}

function tryPattern(): Match {
  try {
    return script.runInContext(context, { timeout: LIMIT_MILLISECONDS }) ? "yes" : "no";
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return "undecided";
    throw error;
  }
}
