import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { deployedName, nameFunction } from "../../infra/function-name.ts";
import { lambdaId } from "../../infra/state-machine.ts";
import { packageProject } from "./packaged-template.ts";
import { copyWithWatch, type ProjectCopy, WITH_URL } from "./project-copy.ts";
import { ourTemplate, resourcesOfType, type Template } from "./stack-template.ts";

let copy: ProjectCopy;
let template: Template;
beforeAll(() => {
  copy = copyWithWatch();
  template = ourTemplate(copy.root, "prod", "watch");
});
afterAll(() => copy.remove());

describe("what the monitoring keeps", () => {
  it("one table, whose items can expire", () => {
    expect(resourcesOfType(template, "AWS::DynamoDB::Table")).toMatchObject([
      {
        resource: {
          Properties: {
            TableName: "nightshift-prod-monitor",
            KeySchema: [
              { AttributeName: "part", KeyType: "HASH" },
              { AttributeName: "item", KeyType: "RANGE" },
            ],
            TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
          },
        },
      },
    ]);
  });

  it("a status page that everybody may read, object by object, and nobody may list or write", () => {
    expect(template.Resources.Bucket?.Properties).toMatchObject({
      BucketName: { "Fn::Sub": `nightshift-prod-\${AWS::AccountId}-status` },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: false,
        RestrictPublicBuckets: false,
      },
    });
    const policies = resourcesOfType(template, "AWS::S3::BucketPolicy");
    expect(policies.map(({ resource }) => resource.Properties)).toEqual([
      {
        Bucket: { Ref: "Bucket" },
        PolicyDocument: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: "*",
              Action: "s3:GetObject",
              Resource: { "Fn::Sub": `\${Bucket.Arn}/*` },
              Condition: { Bool: { "aws:SecureTransport": "true" } },
            },
          ],
        },
      },
    ]);
    expect(template.Outputs?.StatusPageUrl?.Value).toEqual({
      "Fn::Sub": `https://\${Bucket.RegionalDomainName}/index.html`,
    });
  });
});

describe("addresses that others call", () => {
  it.each(WITH_URL)("%s has one, which stands in an output and in a parameter", (handler) => {
    const name = nameFunction("monitor", handler);
    const id = `${name.state}Url`;
    const arn = { "Fn::GetAtt": [lambdaId(name.key), "Arn"] };
    const url = { "Fn::GetAtt": [id, "FunctionUrl"] };
    expect(template.Resources[id]).toEqual({
      Type: "AWS::Lambda::Url",
      Properties: { AuthType: "NONE", TargetFunctionArn: arn },
    });
    expect(template.Outputs?.[id]?.Value).toEqual(url);
    expect(template.Resources[`${id}Parameter`]).toMatchObject({
      Type: "AWS::SSM::Parameter",
      Properties: {
        Type: "String",
        Name: `/nightshift/prod/monitor/${handler.replace("receive-", "")}-url`,
        Value: url,
      },
    });
  });

  it.each(WITH_URL)("%s may be called by everybody through its URL, and in no other way", (handler) => {
    const arn = { "Fn::GetAtt": [lambdaId(nameFunction("monitor", handler).key), "Arn"] };
    const permissions = resourcesOfType(template, "AWS::Lambda::Permission")
      .map(({ resource }) => resource.Properties)
      .filter(({ FunctionName }) => JSON.stringify(FunctionName) === JSON.stringify(arn));
    expect(permissions).toEqual([
      {
        ...{ Action: "lambda:InvokeFunctionUrl", FunctionName: arn, Principal: "*" },
        FunctionUrlAuthType: "NONE",
      },
      {
        ...{ Action: "lambda:InvokeFunction", FunctionName: arn, Principal: "*" },
        InvokedViaFunctionUrl: true,
      },
    ]);
  });

  it.each(WITH_URL)("%s raises an alarm by a single 5xx: it may be somebody's answer", (handler) => {
    const { state, key } = nameFunction("monitor", handler);
    expect(template.Resources[`${state}ErrorsAlarm`]?.Properties).toMatchObject({
      Dimensions: [{ Name: "FunctionName", Value: { Ref: lambdaId(key) } }],
      // A failure of ours is answered by 503, and so is no error of the function's.
      Namespace: "AWS/Lambda",
      MetricName: "Url5xxCount",
      Threshold: 1,
      AlarmActions: [{ Ref: "AlarmTopic" }],
    });
  });

  it("a contact's STOP raises an alarm, by the metric of the function that takes texts", () => {
    expect(template.Resources.ContactOptedOutAlarm?.Properties).toMatchObject({
      ...{ Namespace: "nightshift", MetricName: "ContactOptedOut", Threshold: 1 },
      Dimensions: [{ Name: "function", Value: deployedName("prod", nameFunction("monitor", "receive-sms")) }],
      AlarmActions: [{ Ref: "AlarmTopic" }],
    });
  });

  it("no other function has one", () => {
    expect(resourcesOfType(template, "AWS::Lambda::Url")).toHaveLength(WITH_URL.length);
  });
});

describe("packaging", () => {
  const check = process.env.NIGHTSHIFT_PACKAGE === "1" ? it : it.skip;

  it("refuses a place that there is not", () => {
    const argv = ["cli/package-stack.ts", "package", "--only", "moon"];
    const { status, stderr } = spawnSync(process.execPath, argv, { cwd: copy.root, encoding: "utf8" });
    expect([status, stderr]).toEqual([2, "--only moon: there are home and watch\n"]);
  });

  check(
    "of the watch alone makes its stack, for its region, and nothing of the other",
    () => {
      const { home, watch } = packageProject(copy.root, "--only", "watch");
      expect(home).toBeUndefined();
      expect(watch?.Resources.MonitorTable).toBeDefined();
      const file = join(copy.root, ".serverless-watch", "serverless-state.json");
      const { provider } = JSON.parse(readFileSync(file, "utf8")).service;
      expect(provider).toMatchObject({ stackName: "nightshift-prod-watch", region: "us-west-2" });
      expect(existsSync(join(copy.root, ".build", "home"))).toBe(false);
    },
    120_000,
  );

  check(
    "of a fleet that watches nothing leaves the watch out: it would fail every minute",
    () => {
      const fleet = parse(readFileSync(join(copy.root, "fleet.yml"), "utf8"));
      writeFileSync(join(copy.root, "bare.yml"), JSON.stringify({ ...fleet, monitor: undefined }));
      const { output } = packageProject(copy.root, "--only", "watch", "--fleet", "bare.yml");
      expect(output).toContain("nightshift-prod-watch is left out: the fleet has no section monitor");
    },
    120_000,
  );

  check(
    "of a project without monitoring says that it has none",
    () => {
      const bare = copyWithWatch();
      rmSync(join(bare.root, "functions", "monitor"), { recursive: true });
      const { watch, output } = packageProject(bare.root, "--only", "watch");
      expect(watch).toBeUndefined();
      expect(output).toContain("nightshift-prod-watch is left out: functions/ has none for that region.");
      bare.remove();
    },
    120_000,
  );
});
