import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { Template } from "./stack-template.ts";

const ROOT = join(import.meta.dirname, "../..");
/** What packaging makes, or what another run may be making at the same time. */
const LEFT_OUT = ["node_modules", ".git", ".build", ".serverless", ".nightshift"];

/** Packages a copy of the project, as `npm run package` does, and reads the template that would be deployed. */
export function packageCopy(): Template {
  const folder = mkdtempSync(join(tmpdir(), "nightshift-package-test-"));
  try {
    const isWanted = (path: string) => !LEFT_OUT.includes(relative(ROOT, path).split("/")[0] ?? "");
    cpSync(ROOT, folder, { recursive: true, filter: isWanted });
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      ["cli/package-stack.ts", "package", "--stage", "prod"],
      {
        cwd: folder,
        encoding: "utf8",
      },
    );
    if (status !== 0) throw new Error(`packaging ended with status ${status}: ${stderr}${stdout}`);
    const file = join(folder, ".serverless", "cloudformation-template-update-stack.json");
    return JSON.parse(readFileSync(file, "utf8"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
