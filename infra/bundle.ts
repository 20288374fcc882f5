import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";
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
  sourcesContent: false,
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

/** zod's messages in English only; the other fifty languages are two thirds of it. */
const inEnglish: Plugin = {
  name: "in-english",
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: 'export { default as en } from "./en.js";',
    }));
  },
};

/**
 * Lets esbuild drop the schemas of operations that a function does not call. A client's schemas are array literals, but
 * with computed keys, whose evaluation esbuild must assume to have effects; so it keeps all 33,000 lines of EC2's. As
 * calls that are marked pure, the unused ones go.
 */
const unusedSchemasGo: Plugin = {
  name: "unused-schemas-go",
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]@aws-sdk[\\/].*[\\/]schemas_0\.js$/ }, ({ path }) => ({
      contents: markPure(readFileSync(path, "utf8")),
    }));
  },
};

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
    plugins: [fromLayer, unusedSchemasGo],
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
      plugins: part === "fleet" ? [fromLayer] : [inEnglish],
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
