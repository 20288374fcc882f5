import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import type { Rehearse } from "../../../cli/engine-modules.ts";
import { BUILD } from "../fixtures/events.ts";
import { fakeDeps, nightshift, temporaryProject } from "../fixtures/fake-deps.ts";
import { REPORT } from "../fixtures/report.ts";

const root = temporaryProject();
afterAll(() => rmSync(root, { recursive: true }));

type Options = Parameters<Rehearse>[0];

/** A rehearsal that tells the story of a build and reports on it. */
function rehearsing(report: object = {}, during: (options: Options) => void = () => undefined) {
  const asked: Options[] = [];
  const rehearse: Rehearse = async (options) => {
    asked.push(options);
    for (const event of BUILD) options.onEvent(event);
    during(options);
    return { ...REPORT, ...report };
  };
  return { asked, loadRehearse: async () => rehearse };
}

test("shows progress, then the summary", async () => {
  const { loadRehearse } = rehearsing();
  const { out, err, status } = await nightshift(fakeDeps(root, { loadRehearse }), "rehearse", "ami-build");
  expect(out).toMatch(/^ok +ValidateBuild /);
  expect(out).toContain("ami-build was rehearsed without failure");
  expect(err).toBe("");
  expect(status).toBe(0);
});

test("with --json prints the report and nothing else", async () => {
  const { loadRehearse } = rehearsing();
  const { out, err, status } = await nightshift(
    fakeDeps(root, { loadRehearse }),
    "rehearse",
    "ami-build",
    "--json",
  );
  expect(JSON.parse(out)).toEqual(REPORT);
  expect(err).toBe("");
  expect(status).toBe(0);
});

test("hands on what it was asked", async () => {
  const { loadRehearse, asked } = rehearsing();
  const argv = [
    "--fault",
    "ec2:CreateImage:InternalError",
    "--fault",
    "image-failed",
    "--time",
    "2026-11-22T04:00:00+01:00",
    "--port",
    "4566",
  ];
  await nightshift(fakeDeps(root, { loadRehearse }), "rehearse", "ami-build", ...argv);
  expect(asked[0]).toMatchObject({
    root,
    machine: "ami-build",
    image: "base",
    fleetFile: join(root, "fleet.yml"),
    faults: ["ec2:CreateImage:InternalError", "image-failed"],
    time: new Date("2026-11-22T03:00:00Z"),
    port: 4566,
  });
});

describe("the exit status is 0 only when all is well", () => {
  test.each([
    { report: { status: "FAILED" }, status: 1, why: "it failed" },
    { report: { status: "ABORTED" }, status: 130, why: "it was interrupted" },
    {
      report: { leftovers: [{ type: "volume", region: "us-east-1", id: "vol-1", name: "" }] },
      status: 1,
      why: "it left something",
    },
    { report: { imageProblems: ["file system was mounted"] }, status: 1, why: "its image is broken" },
  ])("$why: $status", async ({ report, status }) => {
    const { loadRehearse } = rehearsing(report);
    const result = await nightshift(fakeDeps(root, { loadRehearse }), "rehearse", "ami-build", "--json");
    expect(result.status).toBe(status);
  });
});

describe("Ctrl-C", () => {
  test("once: the run is told, cleans up, and the summary follows", async () => {
    const deps = fakeDeps(
      root,
      rehearsing({ status: "ABORTED" }, ({ signal }) => {
        deps.signals.emit("SIGINT");
        expect(signal.aborted).toBe(true);
      }),
    );
    const { out, err, status } = await nightshift(deps, "rehearse", "ami-build");
    expect(err).toContain("Interrupted: the rehearsal ends as soon as it can clean up.");
    expect(out).toContain("ami-build was aborted");
    expect(status).toBe(130);
    expect(deps.exits).toEqual([]);
    expect(deps.signals.listenerCount("SIGINT")).toBe(0);
  });

  test("twice: the process ends at once", async () => {
    const deps = fakeDeps(
      root,
      rehearsing({}, () => {
        deps.signals.emit("SIGINT");
        deps.signals.emit("SIGINT");
      }),
    );
    await nightshift(deps, "rehearse", "ami-build");
    expect(deps.exits).toEqual([130]);
  });

  test("once, told twice by npm and the terminal: the process goes on cleaning up", async () => {
    const now = new Date("2026-11-22T04:00:00Z");
    const deps = fakeDeps(root, {
      ...rehearsing({}, () => {
        deps.signals.emit("SIGINT");
        deps.signals.emit("SIGINT");
      }),
      now: () => now,
    });
    await nightshift(deps, "rehearse", "ami-build");
    expect(deps.exits).toEqual([]);
  });
});

describe("folders", () => {
  const rehearsals = join(root, ".nightshift", "rehearsals");

  test("the last rehearsal replaces those that have ended, but not one that runs", async () => {
    const { loadRehearse, asked } = rehearsing();
    const ended = join(rehearsals, "20260101-000000-999999999");
    const runs = join(rehearsals, `20260101-000000-${process.ppid}`);
    mkdirSync(ended, { recursive: true });
    mkdirSync(runs, { recursive: true });
    await nightshift(fakeDeps(root, { loadRehearse }), "rehearse", "ami-build", "--json");
    expect(existsSync(ended)).toBe(false);
    expect(existsSync(runs)).toBe(true);
    expect(readdirSync(asked[0]?.folder ?? "")).toEqual([]);
  });

  test("--keep keeps them", async () => {
    const { loadRehearse } = rehearsing();
    const ended = join(rehearsals, "20260101-000000-999999999");
    mkdirSync(ended, { recursive: true });
    await nightshift(fakeDeps(root, { loadRehearse }), "rehearse", "ami-build", "--json", "--keep");
    expect(existsSync(ended)).toBe(true);
  });

  test("a bad command line removes nothing", async () => {
    const ended = join(rehearsals, "20260101-000000-999999999");
    mkdirSync(ended, { recursive: true });
    await nightshift(fakeDeps(root, rehearsing()), "rehearse", "ami-build", "--image", "none");
    expect(existsSync(ended)).toBe(true);
  });
});
