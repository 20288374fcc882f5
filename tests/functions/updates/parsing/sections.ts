import type { Section } from "../../../../functions/updates/parsing/report-sections.ts";

/** A section as the host's program reports it. */
export function section(text: string, status = 0, isCut = false): Section {
  return { status, isCut, lines: text === "" ? [] : text.replace(/\n$/, "").split("\n") };
}

/** A whole report of these outputs. */
export function report(outputs: Record<string, string | { text: string; status: number }>): string {
  const lines = Object.entries(outputs).flatMap(([name, output]) => {
    const { text, status } = typeof output === "string" ? { text: output, status: 0 } : output;
    return [`section ${name} ${status}`, ...section(text).lines.map((line) => `|${line}`)];
  });
  return ["nightshift-updates 1", ...lines, "end", ""].join("\n");
}

export const CLEAN_AUDIT = '{"pkg_count":0}';
export const VERSIONS = "15.1-RELEASE-p1\n15.1-RELEASE-p1\n15.1-RELEASE-p2\n";
