import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import type { ExecutionEvent } from "../../../local/engine/execution-event.ts";
import { type RehearsalOptions, rehearse } from "../../../local/rehearsal/rehearse.ts";

const ROOT = join(import.meta.dirname, "../../..");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nightshift-rehearse-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function rehearsal(changes: Partial<RehearsalOptions> = {}) {
  return rehearse({
    root: ROOT,
    machine: "ami-build",
    image: "base",
    fleetFile: join(ROOT, "fleet.yml"),
    folder,
    time: new Date("2026-11-22T04:00:00.000Z"),
    faults: [],
    signal: new AbortController().signal,
    onEvent: () => undefined,
    ...changes,
  });
}

it("reports what was built, what it took, what it costs, and that nothing is left", async () => {
  const report = await rehearsal();
  expect(report).toMatchObject({
    status: "SUCCEEDED",
    executionArn: expect.stringMatching(
      /:execution:nightshift-rehearsal-ami-build:ami-build-2026-11-22T04-00-/,
    ),
    images: { "us-east-1": expect.stringMatching(/^ami-/), "us-west-2": expect.stringMatching(/^ami-/) },
    recipeHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    leftovers: [],
    imageProblems: [],
    artifacts: folder,
  });
  expect(report.installed.packages.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["djbdns", "pkg", "qmail", "spiped", "tarsnap"]),
  );
  expect(report.calls).toMatchObject({ ec2: { RunInstances: 1, CreateImage: 1, CopyImage: 1 } });
  // A builder takes minutes to boot; the rehearsal must not.
  expect(report.simulatedSeconds).toBeGreaterThan(300);
  expect(report.wallSeconds).toBeLessThan(report.simulatedSeconds / 10);
  expect(report.costUsd).toBeCloseTo(
    report.bill.reduce((sum, { quantity, costUsd }) => sum + (quantity > 0 ? costUsd : 0), 0),
  );
  expect(report.mails).toMatchObject([{ subject: expect.stringContaining("base") }]);
  expect(readFileSync(report.mails[0]?.file ?? "", "utf8")).toContain("us-west-2");
});

it("rehearses a machine of the watch region there", async () => {
  const root = join(folder, "project"); // of one machine, which calls nothing
  mkdirSync(join(root, "state-machines"), { recursive: true });
  mkdirSync(join(root, "functions"));
  const machine = { StartAt: "Rest", States: { Rest: { Type: "Pass", End: true } } };
  writeFileSync(join(root, "state-machines", "monitor-drill.asl.json"), JSON.stringify(machine));
  const { status, executionArn } = await rehearsal({ root, machine: "monitor-drill", image: undefined });
  expect(status).toBe("SUCCEEDED");
  expect(executionArn).toMatch(
    /^arn:aws:states:us-west-2:\d{12}:execution:nightshift-rehearsal-monitor-drill:/,
  );
});

it("says which faults never came up, and which did", async () => {
  const faults = [
    "ec2:CreateImage:InternalError",
    "ec2:DeleteVolume:InternalError",
    "ec2:CopyImage:Throttling@us-east-1",
  ];
  expect(await rehearsal({ faults })).toMatchObject({ status: "SUCCEEDED", unstruckFaults: faults.slice(1) });
});

it("says which situations never came up: those of hosts in a build, and those of builders on hosts", async () => {
  const faults = ["image-failed", "copy-failed@us-west-2", "host-dark", "updates-pending"];
  const build = await rehearsal({ faults });
  expect(build).toMatchObject({ status: "FAILED", unstruckFaults: faults.slice(1) });
  const ofBuilders = ["packages-unreachable", "builder-never-boots", "host-key-mismatch", "image-failed"];
  const check = await rehearsal({
    ...{ machine: "updates-check", image: undefined, folder: join(folder, "check") },
    faults: [...ofBuilders, "updates-pending", "host-dark"],
  });
  expect(check).toMatchObject({ status: "SUCCEEDED", unstruckFaults: ofBuilders });
  // What hosts and their images cost is no price of a check.
  expect(check.bill.map(({ what }) => what).filter((what) => /EC2|EBS|IPv4/.test(what))).toEqual([]);
  expect(check.bill.map(({ what }) => what)).toContain("Step Functions");
  expect(check.keeping.costUsd).toBe(0);
  // RFC 5322, 2.2.3: the subject is folded in the file.
  expect(check.mails).toMatchObject([
    {
      subject: expect.stringMatching(/^Updates: 1 vulnerable package on mail, www; .*updates on mail, www$/),
    },
  ]);
});

it("strikes the run, and not what was prepared for it", async () => {
  const input = { pipe: "SSH" };
  const faults = ["ssm:PutParameter:ParameterLimitExceeded:*"];
  const about = { machine: "tunnels-rotate", image: undefined, input, faults };
  expect(await rehearsal(about)).toMatchObject({
    status: "FAILED",
    cause: expect.stringContaining("ParameterLimitExceeded"),
    calls: { ssm: { PutParameter: 1 } },
    unstruckFaults: [],
  });
});

it("that is interrupted says so, and has cleaned up", async () => {
  const controller = new AbortController();
  const onEvent = (event: ExecutionEvent) => {
    if (event.type === "stateEntered" && event.state === "CheckBuilder") controller.abort();
  };
  const report = await rehearsal({ signal: controller.signal, onEvent });
  expect(report).toMatchObject({ status: "ABORTED", images: {}, leftovers: [] });
});

it("of an image that the fleet has not is refused, and its cloud is closed", async () => {
  const before = process.env.AWS_ENDPOINT_URL;
  await expect(rehearsal({ image: "bass" })).rejects.toMatchObject({
    name: "FleetError",
    message: expect.stringContaining("base"), // the nearest that there is
  });
  expect(process.env.AWS_ENDPOINT_URL).toBe(before);
  expect(existsSync(join(folder, "executions"))).toBe(false);
});

it.each([
  ["while it can be undone, undoes", "WaitForFunctions", { status: "ABORTED", error: "InterruptedError" }],
  ["once it only goes forward, goes on to its end", "SwitchFirstDoors", { status: "SUCCEEDED" }],
])("a rotation that is interrupted %s, and says so", async (_why, state, ended) => {
  const controller = new AbortController();
  const onEvent = (event: ExecutionEvent) => {
    if (event.type === "stateEntered" && event.state === state) controller.abort();
  };
  const about = { machine: "tunnels-rotate", image: undefined, input: { pipe: "SSH" } };
  const report = await rehearsal({ ...about, signal: controller.signal, onEvent });
  expect(report).toMatchObject({ ...ended, leftovers: [] });
  const isChanged = ended.status === "SUCCEEDED";
  expect(report.mails).toMatchObject([{ subject: isChanged ? "Key SSH: changed" : "Key SSH: NOT changed" }]);
});
