import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  closeExecution,
  openExecution,
  recordEvent,
  type StoredExecution,
} from "../../../local/engine/execution-store.ts";
import { at, BUILD } from "../fixtures/events.ts";
import { fakeDeps, nightshift, temporaryProject } from "../fixtures/fake-deps.ts";
import { FakeMachines } from "../fixtures/fake-machines.ts";
import { HistoryBuilder } from "../fixtures/history.ts";

const root = temporaryProject();
const ARN = "arn:aws:states:us-east-1:123456789012:execution:nightshift-prod-ami-build:night";

/** As the engine leaves them: one run that ended, and a rehearsal whose process died. */
beforeAll(() => {
  const run: StoredExecution = {
    name: "night",
    executionArn: ARN,
    machine: "ami-build",
    input: { image: "base" },
    status: "RUNNING",
    startDate: at(0),
    pid: process.pid,
  };
  const folder = join(root, ".nightshift", "executions");
  openExecution(folder, run);
  for (const event of BUILD) recordEvent(folder, "night", event);
  closeExecution(folder, { ...run, status: "SUCCEEDED", stopDate: at(394) });
  const rehearsal = join(root, ".nightshift", "rehearsals", "20261122-050000-999999999", "executions");
  openExecution(rehearsal, { ...run, name: "dead", startDate: at(3600), pid: 999_999_999 });
  for (const event of BUILD.slice(0, 20)) recordEvent(rehearsal, "dead", event);
});
afterAll(() => rmSync(root, { recursive: true }));

describe("status", () => {
  test("lists runs and rehearsals, newest first, dead ones as such", async () => {
    const { out } = await nightshift(fakeDeps(root), "status");
    expect(out.split("\n")).toEqual([
      "STATUS     BEGAN (UTC)       TOOK        EXECUTION",
      "ABORTED    2026-11-22 05:00              dead",
      "SUCCEEDED  2026-11-22 04:00  6 min 34 s  night",
      "",
      "To see one: nightshift show EXECUTION",
      "",
    ]);
  });

  test("--json is for programs", async () => {
    const { out } = await nightshift(fakeDeps(root), "status", "--json");
    expect(JSON.parse(out)).toMatchObject([
      { name: "dead", status: "ABORTED" },
      { name: "night", executionArn: ARN },
    ]);
  });

  test("of a stage asks AWS about that stage's machines only", async () => {
    const machines = new FakeMachines(["nightshift-prod-ami-build", "nightshift-test-ami-build", "other"]);
    const { out } = await nightshift(
      fakeDeps(root, { loadMachines: async () => machines }),
      "status",
      "--stage",
      "prod",
      "--json",
    );
    expect(JSON.parse(out)).toEqual([expect.objectContaining({ status: "RUNNING", executionArn: ARN })]);
  });

  test("of a stage asks in each region for the machines that belong there", async () => {
    const deployed: Record<string, string[]> = {
      "us-east-1": ["nightshift-prod-ami-build", "nightshift-prod-monitor-lost"],
      "us-west-2": ["nightshift-prod-monitor-drill"],
    };
    const loadMachines = async (region: string) => new FakeMachines(deployed[region] ?? []);
    const argv = ["status", "--stage", "prod", "--json"];
    const { out } = await nightshift(fakeDeps(root, { loadMachines }), ...argv);
    const arns = (JSON.parse(out) as { executionArn: string }[]).map(({ executionArn }) => executionArn);
    expect(arns.map((arn) => arn.split(":")[6]).sort()).toEqual([
      "nightshift-prod-ami-build",
      "nightshift-prod-monitor-drill",
    ]);
  });
});

describe("show", () => {
  test("tells the story, in the run's own time", async () => {
    const { out } = await nightshift(fakeDeps(root), "show", "night");
    expect(out).toMatch(
      /^arn:aws:states:.*:night\nbegan 2026-11-22T04:00:00.000Z with \{"image":"base"\}\n\nok +ValidateBuild +1 s\n/,
    );
    expect(out).toMatch(/ok +ami-build succeeded +6 min 34 s\n$/);
  });

  test("of a run that died shows where", async () => {
    const { out } = await nightshift(fakeDeps(root), "show", "dead");
    expect(out).toMatch(/\.\.\. +CheckBuilder x2 \(WaitForBoot\) +30 s\n$/);
  });

  test("finds a run of this machine by its ARN, without asking AWS", async () => {
    const { out } = await nightshift(
      fakeDeps(root, { loadMachines: () => Promise.reject(new Error("asked")) }),
      "show",
      ARN,
    );
    expect(out).toContain("ami-build succeeded");
  });

  test("--json gives the events as they are", async () => {
    const { out } = await nightshift(fakeDeps(root), "show", "night", "--json");
    expect(JSON.parse(out)).toEqual(BUILD);
  });

  test("of a deployed run reads its history from its own region", async () => {
    const history = new HistoryBuilder();
    history.start();
    history.enter(0, "ValidateBuild");
    const regions: string[] = [];
    const loadMachines = async (region: string) => {
      regions.push(region);
      return new FakeMachines([], history.events, 1000, 2);
    };
    const arn = "arn:aws:states:eu-west-1:123456789012:execution:nightshift-prod-ami-build:other";
    const { out } = await nightshift(fakeDeps(root, { loadMachines }), "show", arn);
    expect(regions).toEqual(["eu-west-1"]);
    expect(out).toMatch(/\.\.\. +ValidateBuild +0 s\n$/);
  });
});

test.each([
  { argv: ["timetable"], has: /^rebuild-base-image: every Sunday at 04:00 UTC/ },
  { argv: ["diagram", "ami-build"], has: /^flowchart TD\n/ },
  { argv: ["check"], has: /^fleet "/ },
  { argv: ["schema"], has: /^\{\n {2}"\$schema"/ },
])("$argv works on the shipped files", async ({ argv, has }) => {
  const { out, err, status } = await nightshift(fakeDeps(root), ...argv);
  expect(err).toBe("");
  expect(out).toMatch(has);
  expect(status).toBe(0);
});
