import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { machineEnvironment } from "./environment.ts";

/**
 * Runs an inspection script over the tree of an image, as if it were mounted at /mnt once more. What comes out is
 * what the script prints; it sees the disk as EC2 kept it, not as the build believed to have left it.
 */
export async function inspectTree(tree: string, script: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "nightshift-inspect-"));
  const root = join(folder, "root");
  mkdirSync(root);
  symlinkSync(tree, join(root, "mnt"));
  writeFileSync(join(folder, "mounts"), `/dev/gpt/rootfs ${root}/mnt ufs ro 0 0\n`);
  try {
    return await new Promise((resolve, reject) => {
      const child = execFile(
        "/bin/sh",
        ["-s"],
        { env: machineEnvironment(folder, root) },
        (error, stdout) => {
          if (error === null) resolve(stdout);
          else reject(error);
        },
      );
      child.stdin?.end(script);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
