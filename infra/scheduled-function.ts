import { deployedName, nameFunction } from "./function-name.ts";
import type { Schedule } from "./schedule.ts";
import { lambdaId } from "./state-machine.ts";

/**
 * What a function needs that schedules call without a machine around it, as CloudFormation resources. EventBridge
 * Scheduler calls it asynchronously, so nobody sees how it ends: an alarm tells of its errors. And Lambda has retries of
 * its own for such calls (twice, for up to six hours): where the schedule wants none, the function has none.
 * @throws Error when two schedules of a function want it both ways
 */
export function scheduledFunctionResources(schedules: readonly Schedule[], stage: string) {
  const byFunction = Map.groupBy(
    schedules.filter((one) => one.function !== undefined),
    (one) => one.function ?? "",
  );
  return Object.fromEntries(
    [...byFunction].flatMap(([target, own]): [string, object][] => {
      const [domain = "", handler = ""] = target.split("/");
      const name = nameFunction(domain, handler);
      const id = lambdaId(name.key);
      const stem = id.replace(/LambdaFunction$/, "");
      const alarm = errorsAlarm(deployedName(stage, name), id, own);
      return [[`${stem}ErrorsAlarm`, alarm], ...withoutRetries(target, id, stem, own)];
    }),
  );
}

/** Lambda's retries of asynchronous calls are a setting of the function (Lambda guide, "Configuring error handling"). */
function withoutRetries(
  target: string,
  id: string,
  stem: string,
  schedules: readonly Schedule[],
): [string, object][] {
  const retries = new Set(schedules.map(({ retry }) => retry));
  if (retries.size > 1)
    throw new Error(`events/schedules.yml: ${target} is retried by one schedule and not by another`);
  if (!retries.has("none")) return [];
  const Properties = {
    FunctionName: { Ref: id },
    Qualifier: "$LATEST",
    MaximumRetryAttempts: 0,
    MaximumEventAgeInSeconds: 60,
  };
  return [[`${stem}InvokeConfig`, { Type: "AWS::Lambda::EventInvokeConfig", Properties }]];
}

/**
 * Errors of a function within five minutes. What runs every minute makes good for one failure a minute later, so three
 * of five must fail; whatever runs less often has no such second chance, and one failure counts.
 */
function errorsAlarm(functionName: string, id: string, schedules: readonly Schedule[]): object {
  const isEveryMinute = schedules.some(({ cron }) => cron.startsWith("* *"));
  return {
    Type: "AWS::CloudWatch::Alarm",
    Properties: {
      AlarmName: `${functionName}-errors`,
      AlarmDescription: `${functionName}, which a schedule calls, ends in errors. See its log group`,
      Namespace: "AWS/Lambda",
      MetricName: "Errors",
      Dimensions: [{ Name: "FunctionName", Value: { Ref: id } }],
      Statistic: "Sum",
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: isEveryMinute ? 3 : 1,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      TreatMissingData: "notBreaching",
      AlarmActions: [{ Ref: "AlarmTopic" }],
    },
  };
}
