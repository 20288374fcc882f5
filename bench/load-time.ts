import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** As serverless.yml has it: reading source maps is part of a function's start. */
const LAMBDA_OPTIONS = ["--enable-source-maps"];

/**
 * Milliseconds that `require` takes for each of `files`, each time in a process of its own and with the layer where
 * Lambda would have it: the median of `rounds`. The files take turns, so that a busy moment of the machine falls on
 * all of them and their ratios hold.
 */
export function loadMilliseconds(files: readonly string[], layer: string, rounds: number): number[] {
  const times = files.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, file] of files.entries()) times[index]?.push(loadOnce(file, layer));
  }
  return times.map(median);
}

/** The middle one of `values`; of an even number, the upper of the two in the middle. NaN of none. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function loadOnce(file: string, layer: string): number {
  const hook = join(import.meta.dirname, "layer-hook.cjs");
  const script = `const t = performance.now(); require(${JSON.stringify(file)}); console.log(performance.now() - t);`;
  // Lambda has no compile cache that outlives a function's start.
  const env = { ...process.env, BENCH_LAYER: layer, NODE_COMPILE_CACHE: "", NODE_OPTIONS: "" };
  const options = [...LAMBDA_OPTIONS, "--require", hook, "-e", script];
  return Number(execFileSync(process.execPath, options, { encoding: "utf8", env, stdio: "pipe" }));
}
