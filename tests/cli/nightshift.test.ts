import { spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

/** The command as a process, optionally with something that runs before it. */
function run(argv: string[], preload: string[] = []) {
  return spawnSync(process.execPath, [...preload, "cli/nightshift.js", ...argv], { encoding: "utf8" });
}

test("as a process: help on standard output, nothing else, status 0", () => {
  const { stdout, stderr, status } = run(["--help"]);
  expect(stdout).toMatch(/^Usage: nightshift /);
  expect(stderr).toBe("");
  expect(status).toBe(0);
});

test("as a process: a usage error is 2", () => {
  expect(run(["nonsense"]).status).toBe(2);
});

test.each(["20.20.2", "22.17.0"])("on Node %s it says in a line what to do", (version) => {
  const folder = mkdtempSync(join(tmpdir(), "nightshift-old-node-"));
  const older = join(folder, "older.cjs");
  writeFileSync(older, `Object.defineProperty(process.versions, "node", { value: "${version}" });`);
  const { stdout, stderr, status } = run(["check", "--fleet", "x"], ["--require", older]);
  rmSync(folder, { recursive: true });
  expect(stderr).toBe(
    `nightshift needs Node 22.18 or later, and this is ${version}. npm brings Node 24: npm run -s nightshift -- check --fleet x\n`,
  );
  expect(stdout).toBe("");
  expect(status).toBe(1);
});

(existsSync("/dev/full") ? test : test.skip)("an output that takes no more is said in a line", () => {
  const full = openSync("/dev/full", "w");
  const argv = ["cli/nightshift.js", "diagram", "updates-check"];
  const { stderr, status } = spawnSync(process.execPath, argv, {
    ...{ encoding: "utf8", stdio: ["ignore", full, "pipe"] },
  });
  closeSync(full);
  expect(stderr).toMatch(/^nightshift: cannot write the output: ENOSPC.*\n$/);
  expect(status).toBe(1);
});
