/** What is shown at most of a text that a host chose. */
const SHOWN_CHARACTERS = 200;

/**
 * A text that somebody else chose, as one harmless line for logs, mails and terminals: no control characters, not long, and
 * Unicode that can be written as UTF-8 (a lone surrogate cannot, and one is left where a pair is cut).
 */
export function quoted(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ").trim();
  return (line.length <= SHOWN_CHARACTERS ? line : `${line.slice(0, SHOWN_CHARACTERS)}...`).toWellFormed();
}
