import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import type { ExecutionEvent } from "../../../local/engine/execution-event.ts";
import { runOnAws } from "../../../local/laptop/run-on-aws.ts";
import { leftoversOf } from "../../../local/rehearsal/leftovers.ts";
import { type RehearsalStage, setStage } from "../../../local/rehearsal/stage.ts";

/*
 * A laptop in front of AWS: here the rehearsal cloud, found as AWS would be, by the SDK's own settings. The stage is
 * one that nobody deployed, so that what a deployment makes is missing at first.
 */
const root = join(import.meta.dirname, "../../..");
const fleetFile = join(root, "fleet.yml");
const TIME = "2026-11-22T04:00:00.000Z";

let folder: string;
let stage: RehearsalStage;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "nightshift-laptop-"));
  stage = await setStage({ root, fleetFile, folder, time: new Date(TIME), faults: [] });
  await stage.powerUp(); // puts endpoint and credentials into the environment
});
afterEach(async () => {
  await stage.close();
  rmSync(folder, { recursive: true, force: true });
});

function run(options: { signal?: AbortSignal; onEvent?: (event: ExecutionEvent) => void } = {}) {
  return runOnAws({
    root,
    machine: "ami-build",
    stage: "laptop",
    input: { image: "base", time: TIME },
    name: "ami-build-by-hand",
    fleetFile,
    folder: join(folder, "laptop"),
    signal: options.signal ?? new AbortController().signal,
    onEvent: options.onEvent ?? (() => undefined),
    clock: stage.clock,
  });
}

it("builds an image in a stage that was never deployed, and leaves nothing over", async () => {
  expect(await run()).toEqual({
    status: "SUCCEEDED",
    executionArn:
      "arn:aws:states:us-east-1:123456789012:execution:nightshift-laptop-ami-build:ami-build-by-hand",
  });
  const resources = await stage.cloud.inventory();
  expect(leftoversOf(resources)).toEqual([]);
  expect(resources.filter(({ type }) => type === "image").map(({ region }) => region)).toEqual([
    "us-east-1",
    "us-west-2",
  ]);
  expect(stage.cloud.mails()).toHaveLength(1);
});

it("uses a name once", async () => {
  await run();
  await expect(run()).rejects.toMatchObject({ name: "ExecutionRefusedError" });
  expect(stage.cloud.mails()).toHaveLength(1);
});

it("cleans up when it is interrupted", async () => {
  const controller = new AbortController();
  const onEvent = (event: ExecutionEvent) => {
    if (event.type === "stateEntered" && event.state === "CheckBuilder") controller.abort();
  };
  expect(await run({ signal: controller.signal, onEvent })).toMatchObject({ status: "ABORTED" });
  expect(leftoversOf(await stage.cloud.inventory())).toEqual([]);
});

it("begins nothing without credentials", async () => {
  const names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
  const former = names.map((name) => [name, process.env[name]] as const);
  for (const name of names) delete process.env[name];
  const calls = stage.cloud.calls().length;
  await expect(run()).rejects.toMatchObject({ name: "CredentialsProviderError" });
  for (const [name, value] of former) process.env[name] = value;
  expect(stage.cloud.calls()).toHaveLength(calls);
});
