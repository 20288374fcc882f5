import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Those of this process. One that was removed before is removed in vain. */
const folders = new Set<string>();

/**
 * Makes a folder that lasts no longer than this process. One that was killed could not remove its own; so whoever comes
 * next removes those of processes that are no more.
 * @param kind short, since sockets may lie in it, whose paths have 103 characters at most
 */
export function scratchFolder(kind: string): string {
  for (const name of readdirSync(tmpdir())) {
    const owner = new RegExp(`^ns-${kind}-(\\d+)-`).exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner)))
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
  const folder = mkdtempSync(join(tmpdir(), `ns-${kind}-${process.pid}-`));
  if (folders.size === 0) process.once("exit", removeAll);
  folders.add(folder);
  return folder;
}

function removeAll(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // it is somebody else's
  }
}
