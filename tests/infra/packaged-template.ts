import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Template } from "./stack-template.ts";

/** The stacks that packaging made: those that were left out are undefined. */
export interface Packaged {
  readonly home: Template | undefined;
  readonly watch: Template | undefined;
  /** What it said. */
  readonly output: string;
}

/** Packages a copy of the project, as `npm run package` does, and reads the templates that would be deployed. */
export function packageProject(root: string, ...more: string[]): Packaged {
  const argv = ["cli/package-stack.ts", "package", "--stage", "prod", ...more];
  const { status, stderr, stdout } = spawnSync(process.execPath, argv, { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`packaging ended with status ${status}: ${stderr}${stdout}`);
  return {
    home: readTemplate(join(root, ".serverless")),
    watch: readTemplate(join(root, ".serverless-watch")),
    output: stdout + stderr,
  };
}

function readTemplate(folder: string): Template | undefined {
  const file = join(folder, "cloudformation-template-update-stack.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}
