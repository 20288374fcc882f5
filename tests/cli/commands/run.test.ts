import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import type { RunOnAws } from "../../../cli/engine-modules.ts";
import { BUILD, failed, started } from "../fixtures/events.ts";
import { fakeDeps, nightshift, temporaryProject } from "../fixtures/fake-deps.ts";
import { FakeMachines } from "../fixtures/fake-machines.ts";
import { HistoryBuilder } from "../fixtures/history.ts";

const root = temporaryProject();
writeFileSync(
  join(root, "state-machines", "monitor-drill.asl.json"),
  JSON.stringify({ StartAt: "Rest", States: { Rest: { Type: "Pass", End: true } } }),
);
afterAll(() => rmSync(root, { recursive: true }));

function history(end: "ExecutionSucceeded" | "ExecutionFailed") {
  const built = new HistoryBuilder();
  built.start();
  built.enter(0, "ValidateBuild");
  built.succeed(1);
  built.exit(2, "ValidateBuild");
  if (end === "ExecutionSucceeded") {
    built.add(3, end, { executionSucceededEventDetails: { output: '{"images":{"us-east-1":"ami-1"}}' } });
  } else {
    built.add(3, end, { executionFailedEventDetails: { error: "BuildRefusedError", cause: "no quota" } });
  }
  return built.events;
}

const DEPLOYED = ["nightshift-prod-ami-build", "nightshift-prod-ami-reap"];
const ARN =
  "arn:aws:states:us-east-1:123456789012:execution:nightshift-prod-ami-build:ami-build-base-2026-11-22T04-00-00-000Z";

describe("a deployed machine", () => {
  test("is started under a name that follows from its input, and followed to its end", async () => {
    const machines = new FakeMachines(DEPLOYED, history("ExecutionSucceeded"));
    const deps = fakeDeps(root, { loadMachines: async () => machines });
    const { out, status } = await nightshift(deps, "run", "ami-build", "--stage", "prod");
    expect(machines.started).toEqual([
      {
        machine: "nightshift-prod-ami-build",
        name: "ami-build-base-2026-11-22T04-00-00-000Z", // this minute, not this second
        input: { image: "base", time: "2026-11-22T04:00:00.000Z" },
      },
    ]);
    expect(out).toMatch(/^arn:aws:states:.*\nok +ValidateBuild +2 s\nok +ami-build succeeded +3 s\n/);
    expect(out).toContain('"us-east-1": "ami-1"');
    expect(status).toBe(0);
  });

  test("that fails makes the command fail; --json prints one document", async () => {
    const deps = fakeDeps(root, {
      loadMachines: async () => new FakeMachines(DEPLOYED, history("ExecutionFailed")),
    });
    const { out, status } = await nightshift(deps, "run", "ami-build", "--json");
    expect(JSON.parse(out)).toEqual({
      status: "FAILED",
      executionArn: ARN,
      error: "BuildRefusedError",
      cause: "no quota",
    });
    expect(status).toBe(1);
  });

  test("goes on when Ctrl-C ends the following, and the operator is told so", async () => {
    const machines = new FakeMachines(DEPLOYED, history("ExecutionSucceeded"));
    const deps = fakeDeps(root, {
      loadMachines: async () => machines,
      sleep: async () => void deps.signals.emit("SIGINT"),
    });
    const { err, status } = await nightshift(deps, "run", "ami-build");
    expect(err).toContain("Stopped following: the run goes on on AWS.");
    expect(err).toContain(`nightshift show ${ARN}`);
    expect(status).toBe(130);
  });

  test.each([
    { machine: "ami-reap", region: "us-east-1" },
    { machine: "monitor-drill", region: "us-west-2" },
  ])("$machine is asked for in its own region, $region", async ({ machine, region }) => {
    const regions: string[] = [];
    const machines = new FakeMachines([`nightshift-prod-${machine}`], history("ExecutionSucceeded"));
    const loadMachines = async (asked: string) => {
      regions.push(asked);
      return machines;
    };
    await nightshift(fakeDeps(root, { loadMachines }), "run", machine, "--time", "2026-11-22T05:17:00Z");
    expect(regions).toEqual([region]);
    expect(machines.started).toMatchObject([{ machine: `nightshift-prod-${machine}` }]);
  });

  test("reap is about an instant only", async () => {
    const machines = new FakeMachines(DEPLOYED, history("ExecutionSucceeded"));
    await nightshift(
      fakeDeps(root, { loadMachines: async () => machines }),
      "reap",
      "--time",
      "2026-11-22T05:17:00Z",
    );
    expect(machines.started).toMatchObject([
      {
        machine: "nightshift-prod-ami-reap",
        name: "ami-reap-2026-11-22T05-17-00-000Z",
        input: { time: "2026-11-22T05:17:00.000Z" },
      },
    ]);
  });
});

describe("the embedded engine on real AWS", () => {
  const run = (events: typeof BUILD, status: "SUCCEEDED" | "FAILED") => {
    const asked: Parameters<RunOnAws>[0][] = [];
    const runOnAws: RunOnAws = async (options) => {
      asked.push(options);
      for (const event of events) options.onEvent(event);
      return { status, executionArn: ARN };
    };
    return { asked, loadRunOnAws: async () => runOnAws };
  };

  test("gets the machine, its input and its name, and is shown in the run's own time", async () => {
    const { asked, loadRunOnAws } = run(BUILD, "SUCCEEDED");
    const argv = ["run", "ami-build", "--engine", "embedded", "--cloud", "aws", "--stage", "test"];
    const { out, status } = await nightshift(fakeDeps(root, { loadRunOnAws }), ...argv);
    expect(asked[0]).toMatchObject({
      machine: "ami-build",
      stage: "test",
      name: "ami-build-base-2026-11-22T04-00-00-000Z",
      input: { image: "base", time: "2026-11-22T04:00:00.000Z" },
    });
    expect(out).toMatch(/^ok +CheckBuilder x3 +45 s$/m);
    expect(out).not.toContain("simulated");
    expect(status).toBe(0);
  });

  test("stays out of the stage that is to be deployed, unless it is told to go there", async () => {
    const { asked, loadRunOnAws } = run(BUILD, "SUCCEEDED");
    await nightshift(fakeDeps(root, { loadRunOnAws }), "run", "ami-build", "--engine", "embedded");
    await nightshift(
      fakeDeps(root, { loadRunOnAws }),
      "run",
      "ami-build",
      "--engine",
      "embedded",
      "--stage",
      "prod",
    );
    expect(asked).toMatchObject([{ stage: "laptop" }, { stage: "prod" }]);
  });

  test("says why it failed", async () => {
    const last = {
      at: "2026-11-22T04:00:02Z",
      type: "executionFailed",
      error: "NoQuota",
      cause: "ask",
    } as const;
    const { loadRunOnAws } = run([started(), failed(1, "ValidateBuild", "NoQuota", "ask"), last], "FAILED");
    const { out, status } = await nightshift(
      fakeDeps(root, { loadRunOnAws }),
      "run",
      "ami-build",
      "--engine",
      "embedded",
      "--json",
    );
    expect(JSON.parse(out)).toEqual({ status: "FAILED", executionArn: ARN, error: "NoQuota", cause: "ask" });
    expect(status).toBe(1);
  });
});
