import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "@jest/globals";
import type { ExecutionEvent } from "../../../local/engine/execution-event.ts";
import { leftoversOf } from "../../../local/rehearsal/leftovers.ts";
import { type Laptop, NAME, openLaptop, TIME } from "./laptop.ts";

let laptop: Laptop;
afterEach(() => laptop.close());

it("builds an image in a stage that was never deployed, and leaves nothing over", async () => {
  laptop = await openLaptop();
  expect(await laptop.run()).toEqual({
    status: "SUCCEEDED",
    executionArn: `arn:aws:states:us-east-1:123456789012:execution:nightshift-laptop-ami-build:${NAME}`,
  });
  const resources = await laptop.stage.cloud.inventory();
  expect(leftoversOf(resources)).toEqual([]);
  const images = resources.filter(({ type }) => type === "image");
  expect(images.map(({ region }) => region)).toEqual(["us-east-1", "us-west-2"]);
  expect(laptop.stage.cloud.mails()).toHaveLength(1);
  // The fleet that it was built from stays beside the execution.
  expect(JSON.parse(readFileSync(join(laptop.folder, `${NAME}.fleet.json`), "utf8"))).toHaveProperty(
    "images.base",
  );
});

it("runs a machine of the watch region there, and makes what it needs there", async () => {
  laptop = await openLaptop();
  const root = join(laptop.folder, "project"); // of one machine, which calls nothing
  mkdirSync(join(root, "state-machines"), { recursive: true });
  mkdirSync(join(root, "functions"));
  const machine = { StartAt: "Rest", States: { Rest: { Type: "Pass", End: true } } };
  writeFileSync(join(root, "state-machines", "monitor-drill.asl.json"), JSON.stringify(machine));
  const before = laptop.stage.cloud.calls().length;
  expect(await laptop.run({ root, machine: "monitor-drill", name: "drill" })).toEqual({
    status: "SUCCEEDED",
    executionArn: "arn:aws:states:us-west-2:123456789012:execution:nightshift-laptop-monitor-drill:drill",
  });
  const made = laptop.stage.cloud.calls().slice(before);
  expect(made.filter(({ region }) => region !== "us-west-2")).toEqual([]);
  const creating = made.filter(({ operation }) => operation.startsWith("Create"));
  expect(creating.map(({ operation, resources }) => `${operation} ${resources}`)).toEqual([
    "CreateTable nightshift-laptop-monitor",
    "CreateBucket nightshift-laptop-123456789012-status",
  ]);
});

it("cleans up when it is interrupted", async () => {
  laptop = await openLaptop();
  const controller = new AbortController();
  const onEvent = (event: ExecutionEvent) => {
    if (event.type === "stateEntered" && event.state === "CheckBuilder") controller.abort();
  };
  expect(await laptop.run({ signal: controller.signal, onEvent })).toMatchObject({ status: "ABORTED" });
  expect(leftoversOf(await laptop.stage.cloud.inventory())).toEqual([]);
});

it("refuses a name that runs already, in another process, and makes nothing", async () => {
  laptop = await openLaptop();
  mkdirSync(join(laptop.folder, NAME), { recursive: true });
  const other = { name: NAME, status: "RUNNING", pid: process.ppid, startDate: TIME };
  writeFileSync(join(laptop.folder, NAME, "execution.json"), JSON.stringify(other));
  await expect(laptop.run()).rejects.toMatchObject({
    name: "ExecutionRefusedError",
    message: `execution ${NAME} is running in process ${process.ppid}`,
  });
  expect(laptop.stage.cloud.calls().filter(({ service }) => service === "ec2")).toEqual([]);
});

describe("begins nothing when AWS would not know who calls", () => {
  const names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

  it("without credentials", async () => {
    laptop = await openLaptop();
    const before = laptop.stage.cloud.calls().length;
    const former = names.map((name) => [name, process.env[name]] as const);
    for (const name of names) delete process.env[name];
    await expect(laptop.run()).rejects.toMatchObject({ name: "CredentialsProviderError" });
    for (const [name, value] of former) process.env[name] = value;
    expect(laptop.stage.cloud.calls()).toHaveLength(before);
    expect(existsSync(laptop.folder)).toBe(false);
  });

  it.each(["ExpiredToken", "InvalidClientTokenId"])("when AWS answers %s", async (code) => {
    laptop = await openLaptop([`sts:GetCallerIdentity:${code}:*`]);
    const before = laptop.stage.cloud.calls().length;
    await expect(laptop.run()).rejects.toMatchObject({ name: expect.stringContaining(code) });
    const since = laptop.stage.cloud.calls().slice(before);
    expect(new Set(since.map(({ service }) => service))).toEqual(new Set(["sts"]));
    expect(existsSync(laptop.folder)).toBe(false);
  });
});
