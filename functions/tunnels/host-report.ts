import { UnreadableReportError } from "./failures.ts";

/** One of the two spiped processes that a pipe may have on a host. */
export interface Door {
  /** Of its key file; undefined: there is none. See fingerprint.ts. */
  readonly fingerprint: string | undefined;
  readonly isRunning: boolean;
}

/** What the program `pipes` said of a pipe, after it did what it was asked (functions/ami/recipe/pipes-verbs.ts). */
export interface HostReport {
  readonly first: Door;
  readonly second: Door;
}

/**
 * Reads what `pipes` printed: a line that says of which kind it is, one per door, and `end`, without which it is not
 * whole. @throws UnreadableReportError, which does not repeat what stood there
 */
export function readReport(text: string): HostReport {
  const lines = text.split(/\r?\n/).filter((line) => line !== "");
  const [kind, first, second, end, ...more] = lines;
  if (kind !== "nightshift-pipes 1" || end !== "end" || more.length > 0)
    throw new UnreadableReportError("the host did not answer as the program pipes does");
  return { first: readDoor("first", first), second: readDoor("second", second) };
}

function readDoor(name: string, line = ""): Door {
  const [door, fingerprint = "", state, ...more] = line.split(" ");
  const isWhole = door === name && /^([0-9a-f]{32}|none)$/.test(fingerprint) && more.length === 0;
  if (!isWhole || (state !== "running" && state !== "stopped"))
    throw new UnreadableReportError(`the host did not say how its ${name} door stands`);
  return { fingerprint: fingerprint === "none" ? undefined : fingerprint, isRunning: state === "running" };
}
