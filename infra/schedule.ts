import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "#platform";
import { nameFunction } from "./function-name.ts";
import { ofPlace, type Place, stackName } from "./place.ts";
import { scheduledFunctionResources } from "./scheduled-function.ts";
import { lambdaId, machineId } from "./state-machine.ts";

const Schedule = z
  .strictObject({
    description: z.string(),
    cron: z.string().regex(/^\S+( \S+){5}$/, "six fields: minutes hours day-of-month month day-of-week year"),
    timeZone: z.string(),
    /** What it starts: a machine, or a function by itself, "monitor/run-checks". */
    machine: z.string().optional(),
    function: z
      .string()
      .regex(/^[a-z]+\/[a-z0-9-]+$/, "domain/handler")
      .optional(),
    /** `none`: what could not be started within a minute is not started any more. */
    retry: z.enum(["none"]).optional(),
    input: z.record(z.string(), z.unknown()),
  })
  .refine((one) => (one.machine === undefined) !== (one.function === undefined), {
    error: "expected either a machine or a function",
  });

export type Schedule = z.infer<typeof Schedule>;

/**
 * How often EventBridge Scheduler tries again, and for how long (Scheduler API, RetryPolicy; 60 seconds is the least).
 * With `none`, what was due during an outage is not made up for after it: hours-old checks say nothing about now.
 */
const RETRY = {
  usual: { MaximumRetryAttempts: 10, MaximumEventAgeInSeconds: 3600 },
  none: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
};

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
 * The CloudFormation resources of the schedules that belong to a place: one EventBridge schedule each, one role that
 * may start exactly what is scheduled, and what a function without a machine around it needs besides. None when
 * nothing is scheduled there. The scheduled instant goes into the input as `time`.
 */
export function scheduleResources(
  all: Readonly<Record<string, Schedule>>,
  stage: string,
  place: Place,
): Record<string, object> {
  const schedules = ofPlace(all, place);
  if (Object.keys(schedules).length === 0) return {};
  return {
    ...Object.fromEntries(
      Object.entries(schedules).map(([key, one]) => [`${machineId(key)}Schedule`, resource(key, one, stage)]),
    ),
    ...scheduledFunctionResources(Object.values(schedules), stage),
    ScheduleRole: scheduleRole(Object.values(schedules), `${stackName(stage, place)}-schedules`),
  };
}

function resource(key: string, schedule: Schedule, stage: string): object {
  return {
    Type: "AWS::Scheduler::Schedule",
    Properties: {
      Name: `nightshift-${stage}-${key}`,
      Description: schedule.description,
      ScheduleExpression: `cron(${schedule.cron})`,
      ScheduleExpressionTimezone: schedule.timeZone,
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: {
        Arn: arnOf(schedule),
        RoleArn: { "Fn::GetAtt": ["ScheduleRole", "Arn"] },
        Input: JSON.stringify({ ...schedule.input, time: "<aws.scheduler.scheduled-time>" }),
        RetryPolicy: RETRY[schedule.retry ?? "usual"],
      },
    },
  };
}

function arnOf(schedule: Schedule): object {
  if (schedule.machine !== undefined) return arnOfId(`${machineId(schedule.machine)}StateMachine`);
  const [domain = "", handler = ""] = schedule.function?.split("/") ?? [];
  return arnOfId(lambdaId(nameFunction(domain, handler).key));
}

function arnOfId(id: string): object {
  return { "Fn::GetAtt": [id, "Arn"] };
}

function scheduleRole(schedules: readonly Schedule[], name: string) {
  const allow = (action: string, targets: readonly Schedule[]) => {
    const arns = new Map(targets.map((one) => [one.machine ?? one.function, arnOf(one)]));
    return arns.size === 0 ? [] : [{ Effect: "Allow", Action: [action], Resource: [...arns.values()] }];
  };
  return {
    Type: "AWS::IAM::Role",
    Properties: {
      RoleName: name,
      AssumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: { Service: "scheduler.amazonaws.com" }, Action: "sts:AssumeRole" },
        ],
      },
      Policies: [
        {
          PolicyName: name,
          PolicyDocument: {
            Version: "2012-10-17",
            Statement: [
              ...allow(
                "states:StartExecution",
                schedules.filter((one) => one.machine !== undefined),
              ),
              ...allow(
                "lambda:InvokeFunction",
                schedules.filter((one) => one.function !== undefined),
              ),
            ],
          },
        },
      ],
    },
  };
}
