import { readFileSync } from "node:fs";
import { FleetError, parseFleet } from "#fleet";

/** The fleet file that ships, which the tests change a little at a time. */
export const SHIPPED = readFileSync(new URL("../../../fleet.yml", import.meta.url), "utf8");

/** The shipped file with one passage replaced, which must be in it. */
export function edited(from: string, to: string): string {
  if (!SHIPPED.includes(from)) throw new Error(`fleet.yml no longer holds: ${from}`);
  return SHIPPED.replace(from, to);
}

/** What parsing complains of: `line:column path: message` for each problem. */
export function complaints(text: string): string[] {
  try {
    parseFleet(text, "fleet.yml");
    return [];
  } catch (error) {
    if (!(error instanceof FleetError)) throw error;
    return error.problems.map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`);
  }
}

/** Line and column, counted from 1, of the first place where `needle` stands. */
export function placeOf(text: string, needle: string): string {
  const before = text.slice(0, text.indexOf(needle)).split("\n");
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}
