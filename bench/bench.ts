import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { parseFleet } from "#fleet";
import { bundleFunction, bundleLayer } from "../infra/bundle.ts";
import { type FunctionName, listFunctions } from "../infra/function-name.ts";
import { loadMilliseconds, median } from "./load-time.ts";

/*
 * `npm run bench`: what a rehearsal costs here, what a run costs on AWS, how our spiped compares with Tarsnap's, and how each function's bundle compares with
 * the same function bundled by esbuild's default settings, everything inside. Figures, not assertions.
 */
const root = join(import.meta.dirname, "..");
const GZIP_LIMIT_KB = 300;
const LOAD_LIMIT_MILLISECONDS = 100;
const LOADS = 9;

const folder = mkdtempSync(join(tmpdir(), "nightshift-bench-"));
try {
  warnIfBusy();
  benchRehearsal();
  benchScript("billing.ts");
  benchScript("checks.ts");
  benchScript("watch-cost.ts");
  benchScript("spiped.ts");
  await benchBundles();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Times that were measured beside other work are too long; the ratios suffer less. */
function warnIfBusy(): void {
  const [load = 0] = loadavg();
  const cores = availableParallelism();
  if (load > cores / 2) console.log(`This machine is busy (load ${load.toFixed(1)} on ${cores} cores).\n`);
}

function benchRehearsal(): void {
  const runs = [1, 2, 3].map(() =>
    JSON.parse(
      execFileSync(process.execPath, [join(import.meta.dirname, "rehearsal.ts")], { encoding: "utf8" }),
    ),
  );
  const { transitions, costUsd, simulatedSeconds } = runs[0];
  console.log("ami-build, rehearsed (median of 3 processes)");
  console.log(`  wall time          ${median(runs.map(({ wallSeconds }) => wallSeconds)).toFixed(1)} s`);
  console.log(`  of simulated time  ${(simulatedSeconds / 60).toFixed(1)} min`);
  console.log(`  peak memory        ${median(runs.map(({ peakMib }) => peakMib)).toFixed(0)} MiB`);
  console.log("ami-build, one real run");
  console.log(`  state transitions  ${transitions}`);
  console.log(`  list price         $${costUsd.toFixed(4)}\n`);
}

/** A part of the figures that stands in a file of its own. */
function benchScript(file: string): void {
  console.log(execFileSync(process.execPath, [join(import.meta.dirname, file)], { encoding: "utf8" }));
}

async function benchBundles(): Promise<void> {
  const fleetFile = join(root, "fleet.yml");
  const fleet = parseFleet(readFileSync(fleetFile, "utf8"), fleetFile);
  await bundleLayer(root, join(folder, "layer"), JSON.stringify(fleet));
  console.log(
    `bundles, beside the same function with esbuild's defaults (load: median of ${LOADS} fresh processes)`,
  );
  console.log("  function                          KB  gzip KB   ratio   load ms   ratio");
  for (const name of listFunctions(root)) console.log(await benchBundle(name));
}

async function benchBundle(name: FunctionName): Promise<string> {
  const ours = join(folder, name.key);
  await bundleFunction(root, name, ours);
  const plain = join(folder, `${name.key}-plain.cjs`);
  await build({
    entryPoints: [join(root, name.file)],
    outfile: plain,
    bundle: true,
    platform: "node",
    external: ["cpu-features", "*.node"],
    logLevel: "error",
  });
  const files = [join(ours, "index.js"), plain] as const;
  const [size = 0, plainSize = 1] = files.map((one) => gzipSync(readFileSync(one)).length / 1000);
  const [load = 0, plainLoad = 1] = loadMilliseconds(files, join(folder, "layer", "nodejs"), LOADS);
  const isOver = size > GZIP_LIMIT_KB || load > LOAD_LIMIT_MILLISECONDS;
  const columns = [
    name.key.padEnd(28),
    (readFileSync(files[0]).length / 1000).toFixed(0).padStart(6),
    size.toFixed(0).padStart(8),
    (size / plainSize).toFixed(2).padStart(8),
    load.toFixed(0).padStart(9),
    (load / plainLoad).toFixed(2).padStart(8),
  ];
  return `  ${columns.join(" ")}${isOver ? "  over the target" : ""}`;
}
