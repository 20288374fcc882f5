import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { machineEnvironment } from "./environment.ts";
import { writeMounts } from "./mount-table.ts";

/**
 * Runs an inspection script over the tree of an image, as if it were mounted at /mnt once more. It sees the disk as
 * EC2 kept it, not as the build believed to have left it.
 * @returns what the script printed
 * @throws Error when the script itself failed
 */
export async function inspectTree(tree: string, script: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "nightshift-inspect-"));
  const root = join(folder, "root");
  try {
    await mkdir(join(root, "var/db/pkg"), { recursive: true });
    await writeFile(join(root, "var/db/pkg/pkg"), "version 2.4.2\n"); // the one that looks into the tree
    await symlink(tree, join(root, "mnt"));
    await writeMounts(folder, [{ device: "/dev/nda0p4", place: "/mnt", type: "ufs", options: "ro" }]);
    return await runAsRoot(script, { ...machineEnvironment(folder, root), USER: "root" });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function runAsRoot(script: string, env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const shell = spawn("/bin/sh", ["-s"], { env, stdio: ["pipe", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    shell.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    shell.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    shell.on("error", reject);
    shell.on("close", (status) => {
      if (status === 0) resolve(stdout);
      else reject(new Error(`the inspection ended with status ${status}: ${stderr.trim()}`));
    });
    shell.stdin.on("error", () => undefined); // the shell gave up before it had read all
    shell.stdin.end(script);
  });
}
