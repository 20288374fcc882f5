import { type Finding, failed, good, quoted } from "./finding.ts";

/** Bytes that a command may print. Beyond them it is not the command that is meant. */
export const OUTPUT_LIMIT_BYTES = 1024 * 1024;

/** How a command on a host ended. */
export interface CommandEnd {
  /** Undefined: it was killed by a signal, or the connection ended before. */
  readonly status: number | undefined;
  /** "SIGKILL". */
  readonly signal: string | undefined;
  /** The beginnings of what it printed. */
  readonly output: string;
  readonly errors: string;
}

/** Whether a command did what it was there for: it ended with status 0. Its first line stands in the reason. */
export function judgeCommand({ status, signal, output, errors }: CommandEnd): Finding {
  const said = firstLine(output) || firstLine(errors);
  const saying = said === "" ? "" : `: ${said}`;
  if (status === 0) return good(`backed up and read back${saying}`);
  if (signal !== undefined) return failed(`the command was killed by ${quoted(signal)}${saying}`);
  if (status === undefined) return failed(`the connection ended before the command did${saying}`);
  return failed(`the command ended with status ${status}${saying}`);
}

/** The first line that says something. */
function firstLine(text: string): string {
  const line = text.split("\n").find((one) => quoted(one) !== "") ?? "";
  return quoted(line, 120);
}
