import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Context } from "aws-lambda";
import { type OpenStage, openStage } from "../fakes/open-stage.ts";
import { sampleBuild, sampleClaim } from "../fakes/sample-build.ts";

type Handler = (event: unknown, context: Context) => Promise<unknown>;

const HANDLERS = new URL("../../../../functions/ami/handlers/", import.meta.url);

let open: OpenStage;
beforeAll(async () => {
  open = await openStage();
});
afterAll(() => open.close());

async function call(name: string, event: unknown): Promise<unknown> {
  const { handler }: { handler: Handler } = await import(new URL(`${name}.ts`, HANDLERS).href);
  return open.call(handler, event);
}

const build = sampleBuild();
const claim = sampleClaim();
const wait = { attempt: 0, seconds: 30 };
const builder = { host: "192.0.2.7", hostKeys: ["SHA256:x"] };

/** What each function is given that is wrong, and the field that its error must name. */
const WRONG: Record<string, [why: string, event: object, field: string][]> = {
  "check-builder": [["no instance", { claim, builder: { wait } }, "builder.instanceId"]],
  "check-copy": [
    [
      "an attempt before the first",
      { claim, region: "r", copy: { imageId: "a", attempt: 0, wait } },
      "copy.attempt",
    ],
  ],
  "check-image": [["half a wait", { build, claim, imageId: "a", wait: { attempt: 0 } }, "wait.seconds"]],
  "check-provisioning": [
    [
      "no host key to pin to",
      { build, claim, builder: { host: "h", hostKeys: [] }, wait },
      "builder.hostKeys",
    ],
  ],
  "claim-build": [
    ["a build without an execution", { build: { ...build, executionArn: undefined } }, "build.executionArn"],
  ],
  "clean-up": [
    [
      "an unknown kind of thing",
      { build, progress: { wait, removed: [{ what: "bucket", region: "r", id: "x" }] } },
      "progress.removed[0].what",
    ],
  ],
  "compose-failure-report": [["no failure", { executionArn: "e", state: {} }, "state.failure"]],
  "compose-reaper-report": [["a time without its zone", { time: "2026-11-22T04:00:00", sweeps: [] }, "time"]],
  "compose-report": [["what was retired is no list", { build, retired: "ami-1" }, "retired"]],
  "copy-image": [["half an attempt", { build, claim, imageId: "a", region: "r", attempt: 1.5 }, "attempt"]],
  "create-image": [["no instance", { build, claim }, "instanceId"]],
  "inspect-disk": [["no builder", { build }, "builder"]],
  "launch-builder": [["no source", { build, claim }, "source"]],
  "publish-image": [["no region", { build, imageId: "a" }, "region"]],
  "reap-region": [["a day instead of an instant", { region: "r", time: "2026-11-22" }, "time"]],
  "record-inspection": [
    [
      "a package without its version",
      { build, instanceId: "i-1", packages: [{ name: "pkg" }] },
      "packages[0].version",
    ],
  ],
  "record-published": [["no home", { build, copies: [] }, "home"]],
  "require-imds-v2": [["no image", { region: "r" }, "imageId"]],
  "resolve-source": [
    ["an architecture as others call it", { build: { ...build, arch: "aarch64" } }, "build.arch"],
  ],
  "retire-images": [["a region that is a number", { build, region: 1 }, "region"]],
  "start-provisioning": [["no host", { build, builder: { hostKeys: ["SHA256:x"] } }, "builder.host"]],
  "unmount-disk": [["no build", { builder }, "build"]],
  "validate-build": [
    ["no image", { time: "2026-11-22T04:00:00Z", executionArn: "arn" }, "image"],
    ["an empty image", { image: "", time: "2026-11-22T04:00:00Z", executionArn: "arn" }, "image"],
    ["a time in words", { image: "base", time: "now", executionArn: "arn" }, "time"],
  ],
};

const rows = Object.entries(WRONG).flatMap(([name, all]) => all.map((row) => [name, ...row] as const));

describe("wrong input is refused with the field named, and before any call to AWS", () => {
  test.each(rows)("%s: %s", async (name, _why, event, field) => {
    const before = open.stage.cloud.calls().length;
    const refusal = call(name, event);
    await expect(refusal).rejects.toMatchObject({ name: "InvalidInputError" });
    await expect(refusal).rejects.toThrow(`→ at ${field}`);
    expect(open.stage.cloud.calls()).toHaveLength(before);
  });

  test("every function of the domain is in this table, but the one that takes nothing", () => {
    const all = readdirSync(HANDLERS).map((file) => file.replace(/\.ts$/, ""));
    expect([...Object.keys(WRONG), "list-regions"].sort()).toEqual(all.sort());
  });
});

test("list-regions: every region that the fleet uses, once", async () => {
  expect(await call("list-regions", {})).toEqual({ regions: ["us-east-1", "us-west-2"] });
});

test("a build whose fleet was changed under it is stopped: its recipe is another now", async () => {
  await expect(call("claim-build", { build })).rejects.toMatchObject({
    name: "RecipeChangedError",
    message: expect.stringContaining("start the build again"),
  });
});
