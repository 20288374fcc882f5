import {
  appendFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { ExecutionEvent } from "./execution-event.ts";

/** An execution as the embedded engine keeps it, in `<folder>/<name>/execution.json`. Instants are ISO 8601. */
export interface StoredExecution {
  readonly name: string;
  readonly executionArn: string;
  readonly machine: string;
  readonly input: unknown;
  readonly status: "RUNNING" | "SUCCEEDED" | "FAILED" | "ABORTED";
  /** On the run's own clock. */
  readonly startDate: string;
  readonly stopDate?: string;
  /** The process that runs it; a RUNNING execution whose process is gone died. */
  readonly pid: number;
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: string;
}

/** Why an execution cannot start. */
export class ExecutionRefusedError extends Error {
  override readonly name = "ExecutionRefusedError";
}

/**
 * Begins an execution on disk, or takes up one that died. As in Step Functions, a name is used once: a second start
 * while the first one runs, with another input, or after it ended, is refused.
 * @throws ExecutionRefusedError
 */
export function openExecution(folder: string, execution: StoredExecution): void {
  if (createRecord(folder, execution)) return;
  const standing = readStored(folder, execution.name);
  if (standing === undefined)
    throw new ExecutionRefusedError(`execution ${execution.name} has no readable record`);
  if (standing.status !== "RUNNING") {
    throw new ExecutionRefusedError(
      `execution ${execution.name} has ended already (${standing.status}); see: nightshift show ${execution.name}`,
    );
  }
  refuseIfAlive(execution, standing.pid);
  if (JSON.stringify(standing.input) !== JSON.stringify(execution.input)) {
    throw new ExecutionRefusedError(
      `execution ${execution.name} died with another input; choose another name`,
    );
  }
  takeOver(folder, execution);
  dropCutLine(join(folder, execution.name, "events.jsonl"));
  closeExecution(folder, { ...standing, pid: execution.pid });
}

/**
 * Makes this process the one that goes on with an execution, of all that find it dead at the same time: the one that links
 * the next `owner.N`. The file holds its pid and stays, so that a process that dies right here is taken over from as well.
 * @throws ExecutionRefusedError
 */
function takeOver(folder: string, execution: StoredExecution): void {
  const ownerFile = (number: number) => join(folder, execution.name, `owner.${number}`);
  let last = 0;
  while (existsSync(ownerFile(last + 1))) last += 1;
  if (last > 0) refuseIfAlive(execution, Number(readFileSync(ownerFile(last), "utf8")));
  if (!createWhole(ownerFile(last + 1), `${execution.pid}\n`, execution.pid))
    throw new ExecutionRefusedError(`execution ${execution.name} was taken up by another process just now`);
}

/** A process may take up what it killed itself (a rehearsal does), but never what another one runs. */
function refuseIfAlive({ name, pid }: StoredExecution, owner: number): void {
  if (owner !== pid && isAlive(owner))
    throw new ExecutionRefusedError(`execution ${name} is running in process ${owner}`);
}

/**
 * Creates the record unless there is one. link(2) makes it the one conditional write that decides between two starts
 * at once, and the record is whole from its first instant: a crash in between leaves the name free.
 */
function createRecord(folder: string, execution: StoredExecution): boolean {
  const home = join(folder, execution.name);
  mkdirSync(home, { recursive: true });
  return createWhole(join(home, "execution.json"), `${JSON.stringify(execution, null, 2)}\n`, execution.pid);
}

/** Creates a file with its content in one step. False when there is one already. */
function createWhole(file: string, content: string, pid: number): boolean {
  const draft = `${file}.${pid}`;
  writeFileSync(draft, content);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    return false;
  } finally {
    unlinkSync(draft);
  }
}

/** Drops a last line that a crash cut short, so that the next event does not continue it. */
function dropCutLine(file: string): void {
  if (!existsSync(file)) return;
  const whole = readFileSync(file).lastIndexOf("\n") + 1;
  truncateSync(file, whole);
}

/** Writes the record of an execution anew, in one step. */
export function closeExecution(folder: string, execution: StoredExecution): void {
  const file = join(folder, execution.name, "execution.json");
  writeFileSync(`${file}.new`, `${JSON.stringify(execution, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}

/** Appends one event to the execution's story. */
export function recordEvent(folder: string, name: string, event: ExecutionEvent): void {
  appendFileSync(join(folder, name, "events.jsonl"), `${JSON.stringify(event)}\n`);
}

/** Every execution on record, newest first. One whose process is gone without an end is shown as ABORTED. */
export function listExecutions(folder: string): StoredExecution[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((name) => readStored(folder, name) ?? [])
    .map((one) =>
      one.status === "RUNNING" && !isAlive(one.pid) ? { ...one, status: "ABORTED" as const } : one,
    )
    .sort((a, b) => (a.startDate < b.startDate ? 1 : -1));
}

/** The story of an execution. A last line that a crash cut short is left out. */
export async function readExecution(folder: string, name: string): Promise<ExecutionEvent[]> {
  const file = join(folder, name, "events.jsonl");
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.slice(0, -1).map((line) => JSON.parse(line));
}

function readStored(folder: string, name: string): StoredExecution | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, name, "execution.json"), "utf8"));
  } catch {
    return undefined; // not an execution's folder
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/** The code of a system error. Not by class: a test's realm has an Error of its own. */
function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}
