import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { bundleFunction, bundleLayer, markPure } from "../../infra/bundle.ts";
import { deployedName, nameFunction } from "../../infra/function-name.ts";
import { type RehearsalStage, STAGE, setStage } from "../../local/rehearsal/stage.ts";

const root = join(import.meta.dirname, "../..");
const run = promisify(execFile);
const TIME = "2026-11-22T04:00:00.000Z";

describe("the bundles, as Lambda would load them", () => {
  let folder: string;
  let stage: RehearsalStage;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "nightshift-bundle-"));
    const fleetFile = join(root, "fleet.yml");
    stage = await setStage({ root, fleetFile, folder, time: new Date(TIME), faults: [] });
    await stage.powerUp();
    await bundleLayer(root, join(folder, "layer"), readFileSync(join(folder, "fleet.json"), "utf8"));
  });
  afterAll(async () => {
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Calls a bundled function in a process of its own, against the rehearsal cloud. */
  async function call(domain: string, handler: string, event: object): Promise<unknown> {
    const name = nameFunction(domain, handler);
    const target = join(folder, name.key);
    await bundleFunction(root, name, target);
    const context = { functionName: deployedName(STAGE, name), awsRequestId: "test" };
    const script = `require(${JSON.stringify(join(target, "index.js"))})
      .handler(${JSON.stringify(event)}, ${JSON.stringify(context)})
      .then((output) => console.log("OUTPUT " + JSON.stringify(output)), (error) => console.log("ERROR " + error.name));`;
    const { stdout } = await run(
      process.execPath,
      ["--require", join(root, "bench/layer-hook.cjs"), "-e", script],
      {
        env: { ...process.env, BENCH_LAYER: join(folder, "layer", "nodejs") },
      },
    );
    const [, kind, rest = ""] = /^(OUTPUT|ERROR) (.*)$/m.exec(stdout) ?? [];
    return kind === "OUTPUT" ? JSON.parse(rest) : rest;
  }

  it("talk to EC2, SSM and Service Quotas", async () => {
    const event = { image: "base", time: TIME, executionArn: "arn:x" };
    expect(await call("ami", "validate-build", event)).toMatchObject({
      build: { image: "base", homeRegion: "us-east-1", copyRegions: ["us-west-2"] },
      existingImageId: null,
    });
  });

  it("sweep a region, with every kind of resource that there is", async () => {
    const event = { region: "us-west-2", time: TIME };
    expect(await call("ami", "reap-region", event)).toEqual({ removed: [], pending: [] });
  });

  it("write to DynamoDB and send by SES", async () => {
    const { mail, from } = stage.fleet.owner;
    const message = { id: "bundle/test", from, to: [mail], subject: "Hello", text: "from a bundle\n" };
    expect(await call("mail", "send-message", { message })).toMatchObject({ sent: 1, already: 0 });
    expect(await call("mail", "send-message", { message })).toMatchObject({ sent: 0, already: 1 });
  });

  it("keep the names of errors, which state machines match on", async () => {
    expect(await call("ami", "validate-build", { image: "base" })).toBe("InvalidInputError");
    expect(await call("ami", "validate-build", { image: "bse", time: TIME, executionArn: "x" })).toBe(
      "FleetError",
    );
  });
});

describe("schemas that nothing uses can go", () => {
  it.each([
    ["an exported one over several lines", "export var A$ = [3, n0,\n    [1], { [_x]: 1 }\n];\n", 1],
    ["one of its own on a line", "var B = [1, n0, _B, 0, 0];\n", 1],
    ["each of several", "var A = [1];\nexport var B$ = [2];\n", 2],
    ["nothing but arrays", "const _A = 'A';\nexport var C = 0;\n_registry.register(A$, B);\n", 0],
  ])("%s", (_, source, marked) => {
    const result = markPure(source);
    expect(result.match(/\/\* @__PURE__ \*\/ \(\(\) => \[[^;]*\]\)\(\);/g) ?? []).toHaveLength(marked);
    expect(result.replaceAll(/\/\* @__PURE__ \*\/ \(\(\) => (\[[^;]*\])\)\(\);/g, "$1;")).toBe(source);
  });
});
