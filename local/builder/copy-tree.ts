import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Copies what is in the folders `from` into `to`, as a disk is copied: with modes, times and symbolic links as they are. cp(1)
 * does that everywhere; node's own `cp` gives folders the modes of the process instead.
 */
export async function copyTree(from: readonly string[], to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await run("cp", ["-Rp", ...from.map((folder) => `${folder}/.`), to]);
}
