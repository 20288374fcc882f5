import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";
import * as yaml from "yaml";
import { type FunctionName, listFunctions } from "./function-name.ts";

/** Where Lambda unpacks the layer. */
const LAYER = "/opt/nodejs";

/**
 * Options of every bundle. CommonJS, because a function then loads in half the time of ESM with its SDK outside; the
 * SDK is bundled from its ES modules, of which esbuild drops what is not used (docs/bundles.md has the figures).
 */
const OPTIONS: BuildOptions = {
  bundle: true,
  platform: "node",
  target: "node24",
  format: "cjs",
  mainFields: ["module", "main"],
  minify: true,
  keepNames: true, // state machines match on error names
  sourcemap: "linked",
  sourcesContent: false, // paths and lines are enough: whoever reads a stack has the repository
  legalComments: "none",
  loader: { ".node": "empty" }, // ssh2 and cpu-features have native parts that they can do without
  external: ["cpu-features"],
  logLevel: "warning",
};

/** Inside functions, the platform and the fleet come from the layer. */
const fromLayer: Plugin = {
  name: "from-layer",
  setup: ({ onResolve }) => {
    onResolve({ filter: /^#(platform|fleet)$/ }, ({ path }) => ({
      path: `${LAYER}/${path.slice(1)}.cjs`,
      external: true,
    }));
  },
};

/**
 * Loads yaml when it is first asked for. The layer has it, since the fleet's reader does; but a deployed function reads
 * the fleet as JSON and never asks.
 */
const yamlWhenAsked: Plugin = {
  name: "yaml-when-asked",
  setup: ({ onResolve, onLoad }) => {
    const namespace = "when-asked";
    onResolve({ filter: /^yaml$/ }, ({ namespace: from }) =>
      from === namespace ? undefined : { path: "yaml", namespace },
    );
    onLoad({ filter: /^yaml$/, namespace }, () => ({
      resolveDir: import.meta.dirname,
      contents: `for (const name of ${JSON.stringify(Object.keys(yaml))})
        Object.defineProperty(exports, name, { enumerable: true, get: () => require("yaml")[name] });`,
    }));
  },
};

/** What dependencies look like to the bundler: as they are, but for the three things below. */
const leanDependencies: Plugin = {
  name: "lean-dependencies",
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, ({ path }) => ({
      contents: `${leanSource(path)}\n${UNMAPPED}\n`,
      loader: "default",
    }));
  },
};

/**
 * A source map that knows the first character only. At the end of a dependency's file it keeps that file out of the
 * bundle's map, which Node reads before it runs a function: an eighth of the load time, and half of the zip.
 */
const UNMAPPED = `//# sourceMappingURL=data:application/json;base64,${Buffer.from(
  JSON.stringify({ version: 3, sources: ["dependency"], mappings: "AAAA" }),
).toString("base64")}`;

/**
 * zod's messages are in English only; the other fifty languages are two thirds of it.
 *
 * The schemas of operations that a function does not call can be dropped. A client's schemas are array literals, but
 * with computed keys, whose evaluation esbuild must assume to have effects; so it would keep all 33,000 lines of
 * EC2's. As calls that are marked pure, the unused ones go.
 */
function leanSource(path: string): string {
  if (/[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/.test(path))
    return 'export { default as en } from "./en.js";';
  const source = readFileSync(path, "utf8");
  return /[\\/]@aws-sdk[\\/].*[\\/]schemas_0\.js$/.test(path) ? markPure(source) : source;
}

/** `var NAME = [ … ];` at the start of a line becomes a call that is marked pure and gives the same array. */
export function markPure(schemas: string): string {
  return schemas.replaceAll(
    /^((?:export )?var [\w$]+ = )(\[[^;]*\]);$/gm,
    (_, declaration: string, array: string) => `${declaration}/* @__PURE__ */ (() => ${array})();`,
  );
}

/** Bundles one function into `<folder>/index.js`. */
export async function bundleFunction(root: string, name: FunctionName, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  // The project's package.json says "module"; beside a CommonJS bundle that must not be in force.
  writeFileSync(join(folder, "package.json"), '{"type":"commonjs"}\n');
  await build({
    ...OPTIONS,
    entryPoints: [join(root, name.file)],
    outfile: join(folder, "index.js"),
    plugins: [fromLayer, leanDependencies],
  });
}

/** Bundles the layer: the platform, and the fleet's reader on top of it, beside the fleet itself. */
export async function bundleLayer(root: string, folder: string, fleetJson: string): Promise<void> {
  const target = join(folder, "nodejs");
  mkdirSync(target, { recursive: true });
  for (const part of ["platform", "fleet"]) {
    await build({
      ...OPTIONS,
      entryPoints: [join(root, "layers", part, "index.ts")],
      outfile: join(target, `${part}.cjs`),
      plugins: part === "fleet" ? [fromLayer, yamlWhenAsked, leanDependencies] : [leanDependencies],
    });
  }
  writeFileSync(join(target, "fleet.json"), fleetJson);
}

/** Bundles everything into `.build/`, anew. */
export async function bundleAll(root: string, fleetJson: string): Promise<void> {
  rmSync(join(root, ".build"), { recursive: true, force: true });
  await bundleLayer(root, join(root, ".build", "layers", "platform"), fleetJson);
  for (const name of listFunctions(root)) {
    await bundleFunction(root, name, join(root, ".build", "functions", name.domain, name.handler));
  }
}
