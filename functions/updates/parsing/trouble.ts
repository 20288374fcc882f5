import { shortened } from "./bounds.ts";
import type { Section } from "./report-sections.ts";

/** Statuses of timeout(1): the command took too long, or had to be killed for it (128 + SIGKILL). */
const TOO_LATE: ReadonlySet<number> = new Set([124, 137]);

/** Why a section says nothing, whatever was printed. Undefined: its output is to be read. */
export function outsideTrouble({ status, lines }: Section, program: string): string | undefined {
  if (TOO_LATE.has(status)) return `${program} took too long`;
  if (status === 127) return `there is no ${program} on the host`;
  if (status === 75 && lines.length === 0) return `another ${program} was running`;
  return undefined;
}

/** How a command failed, with the line that tells most: the first that speaks of an error, else the last one. */
export function failure({ status, lines }: Section, program: string): string {
  const said = lines.filter((line) => line.trim() !== "");
  const telling = said.find((line) => /error|fail|cannot|unable|denied|refus/i.test(line)) ?? said.at(-1);
  if (telling === undefined) return `${program} said nothing (status ${status})`;
  const what = status === 0 ? "said what nobody understands" : `failed (status ${status})`;
  return `${program} ${what}: "${shortened(telling, 160)}"`;
}
