import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { compileStack, listMachines } from "../../infra/compile.ts";
import { functionOfResource, listFunctions } from "../../infra/function-name.ts";
import { readSchedules } from "../../infra/schedule.ts";
import { lambdaId, machineId } from "../../infra/state-machine.ts";
import { packageCopy } from "./packaged-template.ts";
import { ourTemplate, resourcesOfType, statementsOf, type Template } from "./stack-template.ts";

const ROOT = join(import.meta.dirname, "../..");
const STAGE = "prod";
const FUNCTIONS = listFunctions(ROOT);
const MACHINES = listMachines(ROOT);
const PROVIDER = parse(readFileSync(join(ROOT, "serverless.yml"), "utf8")).provider;

/** Actions that AWS authorizes on no resource (Service Authorization Reference), besides EC2's Describe calls. */
const WITHOUT_RESOURCE: Record<string, string> = {
  "servicequotas:GetServiceQuota": "a quota has no ARN for reading",
  "ses:GetSendQuota": "a quota of the account has no ARN (Service Authorization Reference, Amazon SES)",
  "sts:GetCallerIdentity": "about the caller itself; AWS asks for no permission",
  "logs:CreateLogDelivery": "vended logs of Step Functions (its guide, Logging using CloudWatch Logs)",
  "logs:GetLogDelivery": "as above",
  "logs:UpdateLogDelivery": "as above",
  "logs:DeleteLogDelivery": "as above",
  "logs:ListLogDeliveries": "as above",
  "logs:PutResourcePolicy": "as above",
  "logs:DescribeResourcePolicies": "as above",
  "logs:DescribeLogGroups": "as above",
};

/** What no template may hold: keys of AWS, private keys, passwords in URLs, keys of pipes (32 bytes in base64). */
const SECRETS = [
  /\b(AKIA|ASIA)[0-9A-Z]{16}\b/,
  /-----BEGIN [A-Z ]*PRIVATE KEY/,
  /:\/\/[^/\s:"]+:[^@\s"]+@/,
  /"[A-Za-z0-9+/]{43}="/,
  /"(password|secret|token)"\s*:\s*"[^"]/i,
];

describe("functions", () => {
  const { functions } = compileStack(ROOT, STAGE) as {
    functions: Record<
      string,
      { name: string; role: string; handler: string; package: { patterns: string[] } }
    >;
  };

  it("each has a role of its own, which exists", () => {
    const roles = Object.values(functions).map(({ role }) => role);
    expect(Object.keys(functions)).toEqual(FUNCTIONS.map(({ key }) => key));
    expect(new Set(roles).size).toBe(roles.length);
    const { Resources } = ourTemplate(STAGE);
    expect(roles.filter((role) => Resources[role]?.Type !== "AWS::IAM::Role")).toEqual([]);
  });

  it("each zip holds its own bundle and nothing else", () => {
    for (const { handler, package: zip } of Object.values(functions)) {
      expect(zip.patterns).toEqual([handler.replace(/index\.handler$/, "**")]);
    }
    expect(parse(readFileSync(join(ROOT, "serverless.yml"), "utf8")).package).toEqual({
      individually: true,
      excludeDevDependencies: false,
      patterns: ["!**"],
    });
  });

  it("end in time, keep their logs for a while, and run where they were tested", () => {
    expect(PROVIDER.timeout).toBeLessThan(120); // the tasks' timeout, so that the function's own end comes first
    expect(PROVIDER.logRetentionInDays).toBe(90);
    expect(PROVIDER.runtime).toBe("nodejs24.x");
    expect(PROVIDER.architecture).toBe("arm64");
  });
});

describe("state machines", () => {
  const template = ourTemplate(STAGE);

  it.each(MACHINES)("%s may call exactly the functions of its tasks", (machine) => {
    const asl = readFileSync(join(ROOT, "state-machines", `${machine}.asl.json`), "utf8");
    const used = [...new Set(asl.match(/\$\{\w+\}/g))].map((one) => functionOfResource(one, FUNCTIONS));
    const role = template.Resources[`${machineId(machine)}Role`];
    const invoke = role && statementsOf(role).find(({ Action }) => Action.includes("lambda:InvokeFunction"));
    expect(invoke?.Action).toEqual(["lambda:InvokeFunction"]);
    expect(invoke?.Resource).toEqual(
      used.map((one) => ({ "Fn::GetAtt": [lambdaId(one?.key ?? ""), "Arn"] })),
    );
  });

  it.each(MACHINES)("%s has every placeholder of its definition filled in", (machine) => {
    const { Properties } = template.Resources[`${machineId(machine)}StateMachine`] ?? {};
    const placeholders = String(Properties?.DefinitionString).match(/\$\{(\w+)\}/g) ?? [];
    const names = [...new Set(placeholders)].map((one) => one.slice(2, -1)).sort();
    expect(Object.keys(Properties?.DefinitionSubstitutions ?? {}).sort()).toEqual(names);
  });

  it.each(MACHINES.flatMap((machine) => ["Failed", "TimedOut", "Aborted"].map((end) => ({ machine, end }))))(
    "$machine: a run that ends as $end raises an alarm",
    ({ machine, end }) => {
      const id = machineId(machine);
      expect(template.Resources[`${id}${end}Alarm`]?.Properties).toMatchObject({
        Namespace: "AWS/States",
        MetricName: `Executions${end}`,
        Dimensions: [{ Name: "StateMachineArn", Value: { Ref: `${id}StateMachine` } }],
        Statistic: "Sum",
        Threshold: 1,
        ComparisonOperator: "GreaterThanOrEqualToThreshold",
        TreatMissingData: "notBreaching",
        AlarmActions: [{ Ref: "AlarmTopic" }],
      });
    },
  );
});

describe("schedules", () => {
  const template = ourTemplate(STAGE);

  it.each(Object.entries(readSchedules(ROOT)))("%s hands on the instant that it was due", (key, schedule) => {
    const { Properties } = template.Resources[`${machineId(key)}Schedule`] ?? {};
    const { Input, Arn } = (Properties?.Target ?? {}) as { Input: string; Arn: unknown };
    expect(JSON.parse(Input)).toEqual({ ...schedule.input, time: "<aws.scheduler.scheduled-time>" });
    expect(Arn).toEqual({ "Fn::GetAtt": [`${machineId(schedule.machine)}StateMachine`, "Arn"] });
    expect(Properties).toMatchObject({
      ScheduleExpressionTimezone: "UTC",
      FlexibleTimeWindow: { Mode: "OFF" },
    });
  });

  it("their role may start the scheduled machines and do nothing else", () => {
    const role = template.Resources.ScheduleRole;
    expect(role && statementsOf(role)).toEqual([
      {
        Effect: "Allow",
        Action: ["states:StartExecution"],
        Resource: expect.arrayContaining([{ "Fn::GetAtt": ["AmiBuildStateMachine", "Arn"] }]),
      },
    ]);
  });
});

let packagedOnce: Template | undefined;
function packaged(): Template {
  packagedOnce ??= packageCopy();
  return packagedOnce;
}

describe.each([
  { what: "what serverless.yml includes", make: () => ourTemplate(STAGE), needed: true },
  {
    what: "the packaged template (NIGHTSHIFT_PACKAGE=1)",
    make: packaged,
    needed: process.env.NIGHTSHIFT_PACKAGE === "1",
  },
])("$what", ({ make: template, needed }) => {
  const check = needed ? it : it.skip;
  check(
    "allows no action by wildcard, and no resource by wildcard where AWS knows a narrower one",
    () => {
      const broad = statements(template()).flatMap(({ role, statement: { Action, Resource, Condition } }) => {
        const isAny = Resource.some((one) => one === "*");
        const byTag = Object.keys(Condition?.StringEquals ?? {}).some((key) =>
          key.startsWith("aws:ResourceTag/"),
        );
        const bad = Action.filter(
          (action) => action.includes("*") || (isAny && !byTag && !knowsNoResource(action)),
        );
        return bad.map((action) => `${role}: ${action}`);
      });
      expect(broad).toEqual([]);
    },
    120_000,
  );

  check("shares no role, and lets each be taken by one service only", () => {
    for (const { resource } of resourcesOfType(template(), "AWS::IAM::Role")) {
      const { AssumeRolePolicyDocument, RoleName } = resource.Properties as {
        AssumeRolePolicyDocument: { Statement: { Principal: { Service: string | string[] } }[] };
        RoleName: string;
      };
      expect(AssumeRolePolicyDocument.Statement).toHaveLength(1);
      expect([AssumeRolePolicyDocument.Statement[0]?.Principal.Service].flat()).toHaveLength(1);
      expect(RoleName.length).toBeLessThanOrEqual(64); // IAM quotas
    }
    const lambdas = resourcesOfType(template(), "AWS::Lambda::Function");
    const roles = lambdas.map(({ resource }) => JSON.stringify(resource.Properties.Role));
    expect(new Set(roles).size).toBe(roles.length);
  });

  check("keeps every log for a bounded time", () => {
    const groups = resourcesOfType(template(), "AWS::Logs::LogGroup");
    const lambdas = resourcesOfType(template(), "AWS::Lambda::Function");
    expect(groups).toHaveLength(MACHINES.length + lambdas.length);
    const endless = groups.filter(({ resource }) => resource.Properties.RetentionInDays !== 90);
    expect(endless.map(({ id }) => id)).toEqual([]);
  });

  check("keeps its tables when the stack goes, and can go back in time", () => {
    const tables = resourcesOfType(template(), "AWS::DynamoDB::Table");
    expect(tables).toHaveLength(7);
    for (const { resource } of tables) {
      expect(resource).toMatchObject({
        DeletionPolicy: "Retain",
        UpdateReplacePolicy: "Retain",
        Properties: {
          BillingMode: "PAY_PER_REQUEST",
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          DeletionProtectionEnabled: true,
        },
      });
    }
  });

  check("holds nothing that looks like a secret", () => {
    // The framework notes each bundle's SHA-256 in base64, which looks like a key and is none.
    const text = JSON.stringify(template(), (key, value) => (key === "CodeSha256" ? undefined : value));
    expect(SECRETS.flatMap((secret) => secret.exec(text)?.[0] ?? [])).toEqual([]);
  });

  check("names everything by its stage, so that two stages can stand side by side", () => {
    const fixed = JSON.stringify(template()).match(/"nightshift-(?!prod[-"])[a-z][\w-]*"/g) ?? [];
    expect(fixed).toEqual(['"nightshift-events"']); // a name within its configuration set, which has the stage's
  });
});

describe("the packaged functions (NIGHTSHIFT_PACKAGE=1)", () => {
  const check = process.env.NIGHTSHIFT_PACKAGE === "1" ? it : it.skip;

  check(
    "each has the time, the memory, the layer and the log group that it was given",
    () => {
      const template = packaged();
      const lambdas = resourcesOfType(template, "AWS::Lambda::Function");
      expect(lambdas.map(({ id }) => id).sort()).toEqual(FUNCTIONS.map(({ key }) => lambdaId(key)).sort());
      for (const { resource } of lambdas) {
        expect(resource.Properties).toMatchObject({
          Timeout: PROVIDER.timeout,
          MemorySize: PROVIDER.memorySize,
          Runtime: PROVIDER.runtime,
          Architectures: [PROVIDER.architecture],
          Layers: [{ Ref: expect.stringMatching(/^PlatformLambdaLayer/) }],
        });
      }
    },
    120_000,
  );
});

describe("the secret patterns find secrets", () => {
  it.each([
    { what: "an access key", text: '"AKIAIOSFODNN7EXAMPLE"' },
    { what: "a private key", text: "-----BEGIN OPENSSH PRIVATE KEY-----" },
    { what: "a password in a URL", text: '"https://user:hunter2@example.org/"' },
    { what: "a pipe's key", text: `"${Buffer.alloc(32, 7).toString("base64")}"` },
    { what: "a named password", text: '{"Password": "x"}' },
  ])("$what", ({ text }) => {
    expect(SECRETS.some((secret) => secret.test(text))).toBe(true);
  });
});

function statements(template: Template) {
  return resourcesOfType(template, "AWS::IAM::Role").flatMap(({ id, resource }) =>
    statementsOf(resource).map((statement) => ({ role: id, statement })),
  );
}

function knowsNoResource(action: string): boolean {
  return action.startsWith("ec2:Describe") || WITHOUT_RESOURCE[action] !== undefined;
}
