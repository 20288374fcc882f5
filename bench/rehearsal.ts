import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rehearse } from "../local/rehearsal/rehearse.ts";

/* One rehearsal in a process of its own; prints its figures as JSON. */
const root = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "nightshift-bench-"));
const { wallSeconds, simulatedSeconds, transitions, costUsd } = await rehearse({
  root,
  machine: "ami-build",
  image: "base",
  fleetFile: join(root, "fleet.yml"),
  folder,
  faults: [],
  signal: new AbortController().signal,
  onEvent: () => undefined,
});
rmSync(folder, { recursive: true, force: true });
const peakMib = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ wallSeconds, simulatedSeconds, transitions, costUsd, peakMib }));
