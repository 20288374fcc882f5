import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { formatUsageLine } from "../../functions/billing/usage/usage-line.ts";
import { sampleUsage } from "../../local/usage/sample-usage.ts";
import { checkUsage } from "../../local/usage/usage-folder.ts";

// The writer that docs/usage.md shows: gzip, openssl and bc of the system, none of our code.

const PROGRAMS = ["bc", "openssl", "gzip"];
const missing = PROGRAMS.filter((program) => spawnSync("sh", ["-c", `command -v ${program}`]).status !== 0);
const required = process.env.NIGHTSHIFT_PEERS === "required";
if (missing.length > 0)
  console.log(`${missing.join(", ")} not installed: the writer in the shell is not run`);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nightshift-shell-writer-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("a writer in the shell", () => {
  (missing.length === 0 || required ? test : test.skip)(
    "makes files that pass, with sums beyond 64 bits",
    () => {
      const page = readFileSync(join(import.meta.dirname, "../../docs/usage.md"), "utf8");
      const script = /## Without it[\s\S]*?```sh\n([\s\S]*?)```/.exec(page)?.[1] ?? "exit 1";
      const storedBytes = 10n ** 18n - 1n;
      const lines = [...sampleUsage("2026-11-22", 300)].map((line) =>
        formatUsageLine({ ...line, storedBytes }),
      );
      writeFileSync(join(folder, "usage.jsonl"), `${lines.join("\n")}\n`);
      const { status, stderr } = spawnSync("sh", ["-eu", "-c", script], { cwd: folder, encoding: "utf8" });
      expect([stderr, status]).toEqual(["", 0]);
      expect(checkUsage(folder)).toMatchObject({ accounts: 300, storedBytes: 300n * storedBytes });
    },
  );
});
