import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { OperatorError } from "./operator-error.ts";

/** Where a checkout keeps things. Paths are absolute. */
export interface Workspace {
  /** The project's folder. */
  readonly root: string;
  readonly fleetFile: string;
  /** Executions that ran on this machine against real AWS. */
  readonly executions: string;
  /** One folder per rehearsal, each with its executions. */
  readonly rehearsals: string;
}

/** The workspace of a checkout. Whatever is written lies in `.nightshift/`, which git ignores. */
export function workspaceOf(root: string): Workspace {
  return {
    root,
    fleetFile: join(root, "fleet.yml"),
    executions: join(root, ".nightshift", "executions"),
    rehearsals: join(root, ".nightshift", "rehearsals"),
  };
}

/** Machines that there are: the names of `state-machines/*.asl.json`. */
export function machineNames(workspace: Workspace): string[] {
  return readdirSync(join(workspace.root, "state-machines"))
    .flatMap((file) => (file.endsWith(".asl.json") ? basename(file, ".asl.json") : []))
    .sort();
}

/** Where executions are on record, the laptop's own first. */
export function executionFolders(workspace: Workspace): string[] {
  return [workspace.executions, ...rehearsalFolders(workspace).map((folder) => join(folder, "executions"))];
}

/**
 * Makes an empty folder for a rehearsal, named by its start and its process, so that two at once never share one.
 * Unless `keep` is set, folders of rehearsals that have ended are removed: the newest is what one looks at.
 */
export function openRehearsalFolder(workspace: Workspace, now: Date, pid: number, keep: boolean): string {
  if (!keep) {
    for (const folder of rehearsalFolders(workspace)) {
      if (!isRunning(Number(folder.split("-").at(-1)))) rmSync(folder, { recursive: true, force: true });
    }
  }
  const stamp = now
    .toISOString()
    .replaceAll(/[-:]|\.\d+Z/g, "")
    .replace("T", "-");
  const folder = resolve(workspace.rehearsals, `${stamp}-${pid}`);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    const why = String(cause).replace(/^Error: /, "");
    const hint = "A rehearsal keeps everything there: that place must be a folder, writable, and have room.";
    throw new OperatorError(`cannot make the rehearsal's folder: ${why}`, hint, { cause });
  }
  return folder;
}

function rehearsalFolders({ rehearsals }: Workspace): string[] {
  if (!existsSync(rehearsals)) return [];
  return readdirSync(rehearsals)
    .sort()
    .reverse()
    .map((name) => join(rehearsals, name));
}

/** A process that belongs to somebody else runs as well (EPERM, kill(2)). */
function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
