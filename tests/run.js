/*
 * Runs jest with the flags that ES modules need. `node tests/run.js [jest options]`; a plain script, so that on a
 * Node that is too old it can say so instead of failing at the first TypeScript file.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const [major = 0] = process.versions.node.split(".").map(Number);
if (major < 22) {
  console.error(`nightshift's tests need Node 22 or later, and this is ${process.versions.node}.`);
  console.error("npm brings Node 24: run them as `npm test`, after `npm ci`.");
  process.exit(1);
}
const jest = fileURLToPath(new URL("../node_modules/jest/bin/jest.js", import.meta.url));
const flags = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"];
const { status } = spawnSync(process.execPath, [...flags, jest, ...process.argv.slice(2)], {
  stdio: "inherit",
});
process.exit(status ?? 1);
