import { shortened } from "./bounds.ts";

/** What a host's program `updates` prints at most: four sections of 200 kB, and a mark before each line. */
export const REPORT_LIMIT_BYTES = 2 * 1024 * 1024;

const FIRST_LINE = "nightshift-updates 1";

/** What one command said. */
export interface Section {
  /** 124 when it took too long (timeout(1)), 127 when there is no such program. */
  readonly status: number;
  /** Its output and errors. */
  readonly lines: readonly string[];
  /** There was more than is kept. */
  readonly isCut: boolean;
}

/** The sections of a report by name. A section that is not whole is not among them. */
export interface Report {
  readonly sections: ReadonlyMap<string, Section>;
  /** Whether it goes on to its last line. */
  readonly isWhole: boolean;
}

/**
 * Takes a report apart (functions/ami/recipe/updates-command.ts prints it). One that ends too early keeps the sections
 * that were followed by another. One with a line that has no place in it keeps none: who knows what was mixed up.
 */
export function splitReport(text: string): Report | { readonly problem: string } {
  if (text.trim() === "") return { problem: "the host's report is empty" };
  if (text.length > REPORT_LIMIT_BYTES) return { problem: "the host's report is too long" };
  const lines = text.split("\n");
  const unfinished = lines.pop();
  if (lines[0] !== FIRST_LINE) return { problem: unknownBeginning(lines[0] ?? unfinished ?? "") };
  const sections = new Map<string, { status: number; lines: string[]; isCut: boolean }>();
  let open: string | undefined;
  for (const [index, line] of lines.entries()) {
    if (index === 0) continue;
    const section = open === undefined ? undefined : sections.get(open);
    const [, name, status] = /^section ([a-z]{1,20}) (\d{1,3})$/.exec(line) ?? [];
    if (line === "end") {
      if (index === lines.length - 1 && unfinished === "") return { sections, isWhole: true };
      return { problem: "the host's report goes on after its end" };
    }
    if (name !== undefined) {
      if (sections.has(name)) return { problem: `the host's report has two sections ${name}` };
      sections.set(name, { status: Number(status), lines: [], isCut: false });
      open = name;
    } else if (section !== undefined && line === "cut" && !section.isCut) section.isCut = true;
    else if (section !== undefined && line.startsWith("|") && !section.isCut)
      section.lines.push(line.slice(1));
    else return { problem: `the host's report has a line that belongs nowhere: "${shortened(line, 80)}"` };
  }
  if (open !== undefined) sections.delete(open);
  return { sections, isWhole: false };
}

function unknownBeginning(line: string): string {
  const [, version] = /^nightshift-updates (\d{1,6})$/.exec(line) ?? [];
  if (version !== undefined)
    return `the host's report is of version ${version}, not 1: its image and this nightshift differ in age`;
  return `the host answered with something else than a report: "${shortened(line, 80)}"`;
}
