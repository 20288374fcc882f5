import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { bundleFunction, bundleLayer } from "../../infra/bundle.ts";
import { nameFunction } from "../../infra/function-name.ts";

const root = join(import.meta.dirname, "../..");

describe("what makes bundles light leaves in them what is needed", () => {
  let folder: string;
  let layer: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "nightshift-maps-"));
    layer = join(folder, "nodejs");
    await bundleLayer(root, folder, "{}");
    await bundleFunction(root, nameFunction("ami", "validate-build"), join(folder, "function"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What a script prints in a process of its own, with the layer where Lambda would have it. */
  function outputOf(script: string): string {
    const options = ["--enable-source-maps", "--require", join(root, "bench/layer-hook.cjs"), "-e", script];
    const env = { ...process.env, BENCH_LAYER: layer, NODE_OPTIONS: "" };
    return execFileSync(process.execPath, options, { cwd: root, encoding: "utf8", env });
  }

  it("a stack leads back to our files and lines", () => {
    const index = JSON.stringify(join(folder, "function", "index.js"));
    const context = '{ functionName: "f", awsRequestId: "r" }';
    expect(
      outputOf(`require(${index}).handler({}, ${context}).catch(({ stack }) => console.log(stack));`),
    ).toMatch(/layers\/platform\/lambda\.ts:\d+:\d+/);
  });

  // With dependencies they are 200 to 1,100 KB, which Node reads at every cold start.
  it.each([["nodejs/platform.cjs.map"], ["nodejs/fleet.cjs.map"], ["function/index.js.map"]])(
    "%s maps nothing but our files",
    (map) => {
      expect(statSync(join(folder, map)).size).toBeLessThan(180_000);
      expect(readFileSync(join(folder, map), "utf8")).toMatch(/(layers|functions)\/\w+\/[\w/-]+\.ts/);
    },
  );

  it("the fleet's reader in the layer still reads YAML, and says where it is wrong", () => {
    const script = `const { parseFleet } = require("/opt/nodejs/fleet.cjs");
      const { name } = parseFleet(require("fs").readFileSync("fleet.yml", "utf8"), "fleet.yml");
      try { parseFleet("nme: x", "broken.yml") } catch ({ message }) { console.log(name, message) }`;
    expect(outputOf(script)).toMatch(/^cluster broken\.yml:1:1: /);
  });
});
