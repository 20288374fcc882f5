import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CreateImageCommand } from "@aws-sdk/client-ec2";
import { afterEach, describe, expect, it } from "@jest/globals";
import { parseFleet } from "#fleet";
import { startCold } from "#platform";
import { buildId, imageName } from "../../functions/ami/build.ts";
import { fleetImage } from "../../functions/ami/fleet-images.ts";
import type { ExecutionEvent } from "../../local/engine/execution-event.ts";
import { STAGE } from "../../local/rehearsal/stage.ts";
import { launchForOwner, ownerEc2 } from "./owner.ts";
import { imagesIn, leftoversIn, mailsOf, openTheatre, type Theatre, TIME, walk } from "./walked-run.ts";

const INPUT = { image: "base", time: TIME };
const AN_HOUR_LATER = "2026-11-22T05:00:00.000Z";
const BUILT = "Image base: FreeBSD 15.1, built";
const NOT_BUILT = "Image base: NOT built";
const CHANGED = expect.stringMatching(/^the fleet changed while base-\S+ was running/);

let theatre: Theatre;
afterEach(() => theatre.close());

describe("ami-build, interrupted by its operator", () => {
  it.each([
    { where: "while the builder boots", state: "WaitForBoot" },
    { where: "while the script runs", state: "WaitForProvisioning" },
    { where: "while the image is made", state: "WaitForImage" },
    { where: "while it is copied", state: "WaitForCopy" },
  ])("$where: stops at the next step, cleans up and reports", async ({ state }) => {
    theatre = await openTheatre();
    const run = await walk(theatre, "ami-build", INPUT, "interrupted", (event, interrupt) => {
      if (hasEntered(event, state)) interrupt();
    });
    expect(run.outcome).toMatchObject({ status: "FAILED", error: "InterruptedError" });
    expect(run.tasks.slice(-3)).toEqual([
      "CleanUpAfterFailure",
      "ComposeFailureReport",
      "SendMessageAfterFailure",
    ]);
    expect(mailsOf(theatre)).toEqual([
      { subject: NOT_BUILT, text: expect.stringContaining("Reason: InterruptedError") },
    ]);
    expect(await leftoversIn(theatre)).toEqual([]);
    expect(await imagesIn(theatre)).toEqual([]);
  });
});

describe("ami-build, where it cannot begin", () => {
  it("an image that the fleet does not have", async () => {
    theatre = await openTheatre();
    const run = await walk(theatre, "ami-build", { image: "bass", time: TIME });
    expect(run.outcome).toMatchObject({ status: "FAILED", error: "FleetError" });
    expect(run.tasks).toEqual(["ValidateBuild", "ComposeFailureReport", "SendMessageAfterFailure"]);
    expect(mailsOf(theatre)).toEqual([
      { subject: "Image bass: NOT built", text: expect.stringContaining("base") },
    ]);
    expect(await leftoversIn(theatre)).toEqual([]);
  });

  it("an input without an image: the run fails before its first task, and the alarm tells", async () => {
    theatre = await openTheatre();
    const run = await walk(theatre, "ami-build", { time: TIME });
    expect(run.outcome).toMatchObject({ status: "FAILED" });
    expect(run.tasks).toEqual([]);
  });

  it("the account's vCPUs are all in use", async () => {
    theatre = await openTheatre();
    // Four of eight vCPUs each: the rehearsed account allows 32.
    await launchForOwner(ownerEc2(theatre.power), "c7i.2xlarge", 4);
    await theatre.stage.clock.sleep(10_000); // until they show
    const run = await walk(theatre, "ami-build", INPUT);
    expect(run.outcome).toMatchObject({ status: "FAILED", error: "BuildRefusedError" });
    expect(run.tasks).toEqual(["ValidateBuild", "ComposeFailureReport", "SendMessageAfterFailure"]);
    expect(mailsOf(theatre)[0]?.text).toContain("32 of 32 vCPUs are in use");
  });

  it("somebody else's image has the name already, and keeps it", async () => {
    theatre = await openTheatre();
    const ec2 = ownerEc2(theatre.power);
    const InstanceId = await launchForOwner(ec2, "t3.micro", 1);
    await theatre.stage.clock.sleep(120_000);
    await ec2.send(new CreateImageCommand({ InstanceId, Name: expectedImageName(theatre), NoReboot: true }));
    await theatre.stage.clock.sleep(10_000);

    const run = await walk(theatre, "ami-build", INPUT);
    expect(run.outcome).toMatchObject({ status: "FAILED", error: "BuildRefusedError" });
    expect(mailsOf(theatre)[0]?.text).toMatch(/the name \S+ is taken in us-east-1 by ami-\w+, not ours/);
    expect(await imagesIn(theatre)).toEqual([`us-east-1 ${expectedImageName(theatre)}`]);
  });
});

describe("ami-build, two at once", () => {
  it("a second execution of the same image is refused, and the first is not harmed", async () => {
    theatre = await openTheatre();
    let second: ReturnType<typeof walk> | undefined;
    const first = await walk(theatre, "ami-build", INPUT, "first", (event) => {
      if (!hasEntered(event, "WaitForBoot")) return;
      second ??= walk(theatre, "ami-build", { image: "base", time: AN_HOUR_LATER }, "second");
    });
    const refused = await second;
    expect(first.outcome).toMatchObject({ status: "SUCCEEDED" });
    expect(refused?.outcome).toMatchObject({ status: "FAILED", error: "BuildAlreadyRunningError" });
    expect(refused?.tasks).toEqual([
      "ValidateBuild",
      "ClaimBuild",
      "ComposeFailureReport",
      "SendMessageAfterFailure",
    ]);
    expect(mailsOf(theatre).map(({ subject }) => subject)).toEqual([NOT_BUILT, BUILT]);
    expect(mailsOf(theatre)[0]?.text).toContain(":first until ");
    expect(await leftoversIn(theatre)).toEqual([]);
    expect(await imagesIn(theatre)).toHaveLength(2);
  });

  it.each([
    {
      situation: "runs in another process",
      disturb: (record: Stored) => ({ ...record, pid: process.ppid }),
      input: INPUT,
      message: /is running in process/,
    },
    {
      situation: "runs with another input",
      disturb: (record: Stored) => record,
      input: { image: "base", time: AN_HOUR_LATER },
      message: /another input/,
    },
    {
      situation: "has ended",
      disturb: (record: Stored) => ({ ...record, status: "SUCCEEDED" }),
      input: INPUT,
      message: /has ended already/,
    },
  ])("an execution whose name $situation does not start", async ({ disturb, input, message }) => {
    theatre = await openTheatre();
    const { engine } = theatre.power;
    let second: Promise<unknown> | undefined;
    const first = await engine.start("ami-build", "same", { image: "bass", time: TIME }, (event) => {
      if (!hasEntered(event, "ValidateBuild") || second !== undefined) return;
      changeRecord(theatre, "same", (record) => disturb({ ...record, input: INPUT }));
      second = engine.start("ami-build", "same", input);
      second.catch(() => undefined); // looked at below
    });
    await expect(second).rejects.toThrow(message);
    await first.outcome;
    expect(theatre.stage.cloud.calls().filter(({ operation }) => operation === "RunInstances")).toEqual([]);
  });
});

describe("ami-build, where the world changes under it", () => {
  it.each([
    { when: "before provisioning", state: "WaitForBoot", failsAt: "StartProvisioning" },
    { when: "before the inspection", state: "WaitForProvisioning", failsAt: "InspectDisk" },
  ])("the fleet is changed $when: the build is given up", async ({ state, failsAt }) => {
    theatre = await openTheatre();
    const run = await walk(theatre, "ami-build", INPUT, "changed", (event) => {
      if (hasEntered(event, state)) changeFleet(theatre);
    });
    expect(run.outcome).toEqual({ status: "FAILED", error: "RecipeChangedError", cause: CHANGED });
    expect(run.tasks.at(run.tasks.indexOf("CleanUpAfterFailure") - 1)).toBe(failsAt);
    expect(mailsOf(theatre)[0]?.text).toContain("the fleet changed while");
    expect(await leftoversIn(theatre)).toEqual([]);
  });

  it("SES refuses the report for good: the image stands, the run fails so that the alarm tells", async () => {
    theatre = await openTheatre(["ses:SendRawEmail:MessageRejected:*"]);
    const run = await walk(theatre, "ami-build", INPUT);
    expect(run.outcome).toMatchObject({ status: "FAILED", error: "MailRefusedError" });
    expect(run.tasks.at(-1)).toBe("SendMessage");
    expect(run.entered).toContain("BuildFailed");
    expect(mailsOf(theatre)).toEqual([]);
    expect(await leftoversIn(theatre)).toEqual([]);
    expect(await imagesIn(theatre)).toHaveLength(2);
  });

  it("neither the build nor its report succeeds: the build's own error is the run's", async () => {
    theatre = await openTheatre(["host-key-mismatch", "ses:SendRawEmail:MessageRejected:*"]);
    const run = await walk(theatre, "ami-build", INPUT);
    expect(run.outcome).toMatchObject({ status: "FAILED", error: "HostKeyMismatchError" });
    expect(run.tasks.at(-1)).toBe("SendMessageAfterFailure");
    expect(await leftoversIn(theatre)).toEqual([]);
  });

  it("clean-up after a failure cannot finish: the mail says so, and only that is left", async () => {
    theatre = await openTheatre(["host-key-mismatch", "ec2:DeleteSecurityGroup:DependencyViolation:*"]);
    const run = await walk(theatre, "ami-build", INPUT);
    expect(run.outcome).toMatchObject({ status: "FAILED", error: "HostKeyMismatchError" });
    expect(mailsOf(theatre)[0]?.text).toContain("Clean-up did not finish. The reaper (hourly) removes");
    expect(await leftoversIn(theatre)).toEqual([expect.stringMatching(/^security-group us-east-1 /)]);
  });

  it("clean-up after a success cannot finish: the run fails, the image stays published", async () => {
    theatre = await openTheatre(["ec2:DeleteSecurityGroup:DependencyViolation:*"]);
    const run = await walk(theatre, "ami-build", INPUT);
    expect(run.outcome).toMatchObject({ status: "FAILED", error: "WaitedTooLongError" });
    expect(run.tasks.slice(-3)).toEqual(["CleanUp", "ComposeFailureReport", "SendMessageAfterFailure"]);
    expect(mailsOf(theatre)[0]?.text).toMatch(/removal of security group sg-\w+ in us-east-1/);
    expect(await leftoversIn(theatre)).toEqual([expect.stringMatching(/^security-group us-east-1 /)]);
    expect(await imagesIn(theatre)).toHaveLength(2);
  });
});

type Stored = Readonly<Record<string, unknown>>;

function hasEntered(event: ExecutionEvent, state: string): boolean {
  return event.type === "stateEntered" && event.state === state;
}

/** What the record of an execution says, as another process would have written it. */
function changeRecord({ stage }: Theatre, name: string, change: (record: Stored) => Stored): void {
  const file = join(stage.executionsFolder, name, "execution.json");
  writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, "utf8")))));
}

/** A deployment in the middle of a run: another fleet, and functions that start cold with it. */
function changeFleet({ folder }: Theatre): void {
  const file = join(folder, "fleet.json");
  const fleet = JSON.parse(readFileSync(file, "utf8"));
  fleet.images.base.packages = [...new Set([...fleet.images.base.packages, "tmux"])];
  writeFileSync(file, JSON.stringify(fleet));
  startCold();
}

function expectedImageName({ folder }: Theatre): string {
  const file = join(folder, "fleet.yml");
  const { spec, recipe } = fleetImage(parseFleet(readFileSync(file, "utf8"), file), "base");
  const { release, arch } = spec;
  const time = new Date(TIME);
  const request = { stage: STAGE, image: "base", time, release, arch, recipeHash: recipe.hash };
  return imageName(STAGE, buildId(request));
}
