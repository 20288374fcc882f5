import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "#platform";
import { machineId } from "./state-machine.ts";

const Schedule = z.strictObject({
  description: z.string(),
  cron: z.string().regex(/^\S+( \S+){5}$/, "six fields: minutes hours day-of-month month day-of-week year"),
  timeZone: z.string(),
  machine: z.string(),
  input: z.record(z.string(), z.unknown()),
});

export type Schedule = z.infer<typeof Schedule>;

/** The schedules of `events/schedules.yml`. @throws Error naming the place that is wrong */
export function readSchedules(root: string): Record<string, Schedule> {
  const file = join("events", "schedules.yml");
  const parsed = z
    .strictObject({ schedules: z.record(z.string(), Schedule) })
    .safeParse(parse(readFileSync(join(root, file), "utf8")));
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
  return parsed.data.schedules;
}

/**
 * The CloudFormation resources of the schedules: one EventBridge schedule each, and one role that may start exactly
 * the machines that are scheduled. The scheduled instant goes into the input as `time`.
 */
export function scheduleResources(schedules: Record<string, Schedule>, stage: string) {
  const machines = [...new Set(Object.values(schedules).map(({ machine }) => machine))];
  const resources = Object.entries(schedules).map(([key, schedule]) => [
    `${machineId(key)}Schedule`,
    {
      Type: "AWS::Scheduler::Schedule",
      Properties: {
        Name: `nightshift-${stage}-${key}`,
        Description: schedule.description,
        ScheduleExpression: `cron(${schedule.cron})`,
        ScheduleExpressionTimezone: schedule.timeZone,
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: {
          Arn: { "Fn::GetAtt": [`${machineId(schedule.machine)}StateMachine`, "Arn"] },
          RoleArn: { "Fn::GetAtt": ["ScheduleRole", "Arn"] },
          Input: JSON.stringify({ ...schedule.input, time: "<aws.scheduler.scheduled-time>" }),
          RetryPolicy: { MaximumRetryAttempts: 10, MaximumEventAgeInSeconds: 3600 },
        },
      },
    },
  ]);
  const targets = machines.map((machine) => ({ "Fn::GetAtt": [`${machineId(machine)}StateMachine`, "Arn"] }));
  return { ...Object.fromEntries(resources), ScheduleRole: scheduleRole(targets, stage) };
}

function scheduleRole(machines: unknown[], stage: string) {
  return {
    Type: "AWS::IAM::Role",
    Properties: {
      RoleName: `nightshift-${stage}-schedules`,
      AssumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: { Service: "scheduler.amazonaws.com" }, Action: "sts:AssumeRole" },
        ],
      },
      Policies: [
        {
          PolicyName: `nightshift-${stage}-schedules`,
          PolicyDocument: {
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Action: ["states:StartExecution"], Resource: machines }],
          },
        },
      ],
    },
  };
}
