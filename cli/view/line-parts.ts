import { type Colour, cut, paint, type Terminal } from "./terminal.ts";

/** A piece of a line: text, in a colour or in none. */
export type LinePart = string | readonly [colour: Colour, text: string];

/**
 * Pieces as one line without line end. What does not fit into the terminal is cut, never wrapped; the last column stays
 * free, since it would wrap on some terminals. Where only ASCII can be shown, other characters become question marks.
 */
export function lineOf(terminal: Terminal, ...parts: readonly LinePart[]): string {
  let room = terminal.columns() - 1;
  let line = "";
  const texts = parts.map((part) => ({
    colour: typeof part === "string" ? undefined : part[0],
    text: shown(terminal, typeof part === "string" ? part : part[1]),
  }));
  const last = texts.findLastIndex(({ text }) => text.trimEnd() !== "");
  for (const [at, { colour, text }] of texts.slice(0, last + 1).entries()) {
    const fitting = cut(at === last ? text.trimEnd() : text, room);
    room -= [...fitting].length;
    line += colour === undefined ? fitting : paint(terminal, colour, fitting);
    if (room <= 0) break;
  }
  return line;
}

function shown({ unicode }: Terminal, text: string): string {
  return unicode ? text : text.replaceAll(/[^ -~]/gu, "?");
}
