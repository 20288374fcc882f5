import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";

/**
 * Copies a tree as a disk is copied: with modes and symbolic links. cp(1) does that everywhere; node's own cpSync
 * gives folders the modes of the process instead.
 */
export function copyTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  execFileSync("cp", ["-Rp", `${from}/.`, to]);
}
