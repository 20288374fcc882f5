import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { parse } from "yaml";
import { readSources } from "../../architecture/source-files.ts";

const ROOT = join(import.meta.dirname, "../../..");
const { Resources } = parse(readFileSync(join(ROOT, "infra", "accounts.yml"), "utf8"));

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>> & { readonly MetricName?: string };
}

const ofType = (type: string) => (Object.values(Resources) as Resource[]).filter(({ Type }) => Type === type);

/** Names of metrics in the sources, and the function that writes them. */
const METRICS = readSources("functions/accounts").flatMap(({ lines }) =>
  [...lines.join("\n").matchAll(/"((?:Payment|Balance)[A-Z]\w+)"/g)].map(([, name = ""]) => name),
);

test("there are metrics to be watched", () => {
  expect(new Set(METRICS).size).toBe(6);
});

test.each([...new Set(METRICS)])("%s is watched under the name of the function that writes it", (name) => {
  const handler = name.startsWith("Balance") ? "authorize-account" : "receive-payment";
  const alarms = ofType("AWS::CloudWatch::Alarm").filter(({ Properties }) => Properties.MetricName === name);
  expect(alarms.map(({ Properties }) => Properties)).toEqual([
    expect.objectContaining({
      Namespace: "nightshift",
      Dimensions: [{ Name: "function", Value: `nightshift-\${sls:stage}-accounts-${handler}` }],
      Statistic: "Sum",
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      TreatMissingData: "notBreaching",
      AlarmActions: [{ Ref: "AlarmTopic" }],
    }),
  ]);
});

test("nothing is watched that nobody writes", () => {
  const watched = ofType("AWS::CloudWatch::Alarm").map(({ Properties }) => Properties.MetricName);
  expect(watched.sort()).toEqual([...new Set(METRICS)].sort());
});

test("one function is open to the world, by its URL only", () => {
  const FunctionName = { "Fn::GetAtt": ["AccountsReceivePaymentLambdaFunction", "Arn"] };
  expect(ofType("AWS::Lambda::Url").map(({ Properties }) => Properties)).toEqual([
    { AuthType: "NONE", TargetFunctionArn: FunctionName },
  ]);
  expect(ofType("AWS::Lambda::Permission").map(({ Properties }) => Properties)).toEqual([
    { Action: "lambda:InvokeFunctionUrl", FunctionName, FunctionUrlAuthType: "NONE", Principal: "*" },
    { Action: "lambda:InvokeFunction", FunctionName, InvokedViaFunctionUrl: true, Principal: "*" },
  ]);
});
