import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { parseFleet } from "#fleet";
import { bundleFunction, bundleLayer } from "../infra/bundle.ts";
import { type FunctionName, listFunctions } from "../infra/function-name.ts";

/*
 * `npm run bench`: what a rehearsal costs here, what a run costs on AWS, and how each function's bundle compares with
 * the same function bundled by esbuild's default settings, everything inside. Figures, not assertions.
 */
const root = join(import.meta.dirname, "..");
const GZIP_LIMIT_KB = 300;
const LOAD_LIMIT_MILLISECONDS = 100;
const LOADS = 7;

const folder = mkdtempSync(join(tmpdir(), "nightshift-bench-"));
try {
  benchRehearsal();
  await benchBundles();
} finally {
  rmSync(folder, { recursive: true, force: true });
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
  const file = join(ours, "index.js");
  const sizes = [file, plain].map((one) => gzipSync(readFileSync(one)).length / 1000);
  const loads = [file, plain].map(loadMilliseconds);
  const [size = 0, plainSize = 1] = sizes;
  const [load = 0, plainLoad = 1] = loads;
  const isOver = size > GZIP_LIMIT_KB || load > LOAD_LIMIT_MILLISECONDS;
  const columns = [
    name.key.padEnd(28),
    (readFileSync(file).length / 1000).toFixed(0).padStart(6),
    size.toFixed(0).padStart(8),
    (size / plainSize).toFixed(2).padStart(8),
    load.toFixed(0).padStart(9),
    (load / plainLoad).toFixed(2).padStart(8),
  ];
  return `  ${columns.join(" ")}${isOver ? "  over the target" : ""}`;
}

/** How long `require` takes in a process of its own, with the layer where Lambda would have it. */
function loadMilliseconds(file: string): number {
  const hook = join(import.meta.dirname, "layer-hook.cjs");
  const script = `const t = performance.now(); require(${JSON.stringify(file)}); console.log(performance.now() - t);`;
  const env = { ...process.env, BENCH_LAYER: join(folder, "layer", "nodejs"), NODE_COMPILE_CACHE: "" };
  const times = Array.from({ length: LOADS }, () =>
    Number(execFileSync(process.execPath, ["--require", hook, "-e", script], { encoding: "utf8", env })),
  );
  return median(times);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
