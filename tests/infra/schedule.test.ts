import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import type { Place } from "../../infra/place.ts";
import { readSchedules, type Schedule, scheduleResources } from "../../infra/schedule.ts";
import { machineId } from "../../infra/state-machine.ts";
import { type StackResource, statementsOf } from "./stack-template.ts";

const ROOT = join(import.meta.dirname, "../..");

const every = (cron: string, target: Partial<Schedule>): Schedule => ({
  ...{ description: "of a test", cron, timeZone: "UTC", input: { most: 3 } },
  ...target,
});
const MINUTE = "* * * * ? *";
const HOUR = "17 * * * ? *";

function made(schedules: Record<string, Schedule>, place: Place) {
  return scheduleResources(schedules, "prod", place) as Record<string, StackResource>;
}

function target(resources: Record<string, StackResource>, id: string) {
  return resources[id]?.Properties.Target as {
    Arn: unknown;
    Input: string;
    RetryPolicy: Record<string, number>;
  };
}

const arnOf = (id: string) => ({ "Fn::GetAtt": [id, "Arn"] });

const MIXED: Record<string, Schedule> = {
  build: every("0 4 ? * SUN *", { machine: "ami-build" }),
  rebuild: every("0 5 ? * SUN *", { machine: "ami-build" }),
  check: every(MINUTE, { function: "monitor/run-checks", retry: "none" }),
  drill: every(HOUR, { machine: "monitor-drill" }),
  deadman: every(MINUTE, { function: "deadman/check-watch", retry: "none" }),
};

describe("the shipped schedules", () => {
  const all = readSchedules(ROOT);
  const resources = { ...made(all, "home"), ...made(all, "watch") };

  it.each(Object.entries(all))("%s hands on the instant that it was due", (key, schedule) => {
    const { Input } = target(resources, `${machineId(key)}Schedule`);
    expect(JSON.parse(Input)).toEqual({ ...schedule.input, time: "<aws.scheduler.scheduled-time>" });
    expect(resources[`${machineId(key)}Schedule`]?.Properties).toMatchObject({
      ScheduleExpressionTimezone: "UTC",
      FlexibleTimeWindow: { Mode: "OFF" },
    });
  });
});

describe("what a place has of the schedules", () => {
  const home = made(MIXED, "home");
  const watch = made(MIXED, "watch");

  it("those whose target is there", () => {
    const schedulesOf = (resources: object) => Object.keys(resources).filter((id) => id.endsWith("Schedule"));
    expect(schedulesOf(home)).toEqual(["BuildSchedule", "RebuildSchedule", "DeadmanSchedule"]);
    expect(schedulesOf(watch)).toEqual(["CheckSchedule", "DrillSchedule"]);
    expect(target(home, "BuildSchedule").Arn).toEqual(arnOf("AmiBuildStateMachine"));
    expect(target(watch, "CheckSchedule").Arn).toEqual(arnOf("MonitorRunChecksLambdaFunction"));
  });

  it.each([
    {
      ...{ place: "home", resources: home, name: "nightshift-prod-schedules" },
      machines: ["AmiBuildStateMachine"], // of two schedules, named once
      functions: ["DeadmanCheckWatchLambdaFunction"],
    },
    {
      ...{ place: "watch", resources: watch, name: "nightshift-prod-watch-schedules" },
      machines: ["MonitorDrillStateMachine"],
      functions: ["MonitorRunChecksLambdaFunction"],
    },
  ])("a role of $place's own, which may start exactly those", ({ resources, name, machines, functions }) => {
    const { ScheduleRole } = resources;
    expect(ScheduleRole?.Properties.RoleName).toBe(name);
    expect(ScheduleRole && statementsOf(ScheduleRole)).toEqual([
      { Effect: "Allow", Action: ["states:StartExecution"], Resource: machines.map(arnOf) },
      { Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: functions.map(arnOf) },
    ]);
  });

  it("nothing, not even a role, where nothing is scheduled", () => {
    expect(made({ build: every(HOUR, { machine: "ami-build" }) }, "watch")).toEqual({});
  });

  it("no statement about functions where only machines are scheduled: IAM refuses an empty list", () => {
    const { ScheduleRole } = made({ build: every(HOUR, { machine: "ami-build" }) }, "home");
    expect(ScheduleRole && statementsOf(ScheduleRole)).toHaveLength(1);
  });
});

describe("what is not made up for", () => {
  const resources = made(MIXED, "watch");

  it("neither by the scheduler nor by Lambda, beyond the minute", () => {
    expect(target(resources, "CheckSchedule").RetryPolicy).toEqual({
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    });
    expect(resources.MonitorRunChecksInvokeConfig).toEqual({
      Type: "AWS::Lambda::EventInvokeConfig",
      Properties: {
        FunctionName: { Ref: "MonitorRunChecksLambdaFunction" },
        Qualifier: "$LATEST",
        MaximumRetryAttempts: 0,
        MaximumEventAgeInSeconds: 60,
      },
    });
  });

  it("everything else is, for an hour", () => {
    expect(target(resources, "DrillSchedule").RetryPolicy).toEqual({
      MaximumRetryAttempts: 10,
      MaximumEventAgeInSeconds: 3600,
    });
    const usual = made({ audit: every(HOUR, { function: "monitor/audit-contacts" }) }, "watch");
    expect(Object.keys(usual)).toEqual(["AuditSchedule", "MonitorAuditContactsErrorsAlarm", "ScheduleRole"]);
  });

  it("one function cannot have it both ways", () => {
    const both = { a: every(MINUTE, MIXED.check ?? {}), b: every(HOUR, { function: "monitor/run-checks" }) };
    expect(() => made(both, "watch")).toThrow(
      "events/schedules.yml: monitor/run-checks is retried by one schedule and not by another",
    );
  });
});

describe("a function that a schedule calls raises an alarm", () => {
  it.each([
    {
      why: "every minute: the next minute makes good for one failure, or for two",
      cron: MINUTE,
      threshold: 3,
    },
    { why: "every five minutes: each failure is a gap", cron: "0/5 * * * ? *", threshold: 1 },
    { why: "every minute of one hour counts as every hour", cron: "* 4 * * ? *", threshold: 1 },
    { why: "hourly", cron: HOUR, threshold: 1 },
  ])("$why", ({ cron, threshold }) => {
    const resources = made({ check: every(cron, { function: "monitor/run-checks" }) }, "watch");
    expect(resources.MonitorRunChecksErrorsAlarm?.Properties).toMatchObject({
      AlarmName: "nightshift-prod-monitor-run-checks-errors",
      Namespace: "AWS/Lambda",
      MetricName: "Errors",
      Dimensions: [{ Name: "FunctionName", Value: { Ref: "MonitorRunChecksLambdaFunction" } }],
      Statistic: "Sum",
      Period: 300,
      Threshold: threshold,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      AlarmActions: [{ Ref: "AlarmTopic" }],
    });
  });
});

describe("reading refuses", () => {
  it.each([
    { what: "a schedule that starts nothing", entry: {}, says: "expected either a machine or a function" },
    {
      what: "one that starts two things",
      entry: { machine: "ami-build", function: "ami/launch-builder" },
      says: "expected either a machine or a function",
    },
    { what: "a function without its domain", entry: { function: "run-checks" }, says: "domain/handler" },
    { what: "another kind of retry", entry: { machine: "ami-build", retry: "some" }, says: '"none"' },
    { what: "a key that it does not know", entry: { machine: "ami-build", rate: 1 }, says: '"rate"' },
  ])("$what", ({ entry, says }) => {
    const root = mkdtempSync(join(tmpdir(), "nightshift-schedules-"));
    mkdirSync(join(root, "events"));
    const schedule = { description: "x", cron: HOUR, timeZone: "UTC", input: {}, ...entry };
    writeFileSync(join(root, "events", "schedules.yml"), JSON.stringify({ schedules: { one: schedule } }));
    expect(() => readSchedules(root)).toThrow(says);
    rmSync(root, { recursive: true });
  });
});
