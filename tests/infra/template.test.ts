import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { entriesOf, functionsOf, machinesOf } from "../../infra/compile.ts";
import { PLACES, type Place } from "../../infra/place.ts";
import { lambdaId } from "../../infra/state-machine.ts";
import { type Packaged, packageProject } from "./packaged-template.ts";
import { copyWithWatch } from "./project-copy.ts";
import { ourTemplate, resourcesOfType, statementsOf, type Template } from "./stack-template.ts";

const COPY = copyWithWatch();
afterAll(() => COPY.remove());
const ROOT = COPY.root;
const STAGE = "prod";
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

let packagedOnce: Packaged | undefined;
function packaged(place: Place): Template {
  packagedOnce ??= packageProject(ROOT);
  const template = packagedOnce[place];
  if (template === undefined) throw new Error(`no stack for ${place}: ${packagedOnce.output}`);
  return template;
}

const CASES = PLACES.flatMap((place) => [
  {
    ...{ place, what: "what its index includes", needed: true },
    make: () => ourTemplate(ROOT, STAGE, place),
  },
  {
    ...{ place, what: "packaged (NIGHTSHIFT_PACKAGE=1)", needed: process.env.NIGHTSHIFT_PACKAGE === "1" },
    make: () => packaged(place),
  },
]);

describe.each(CASES)("the stack of $place, $what", ({ place, make: template, needed }) => {
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
    expect(groups).toHaveLength(machinesOf(ROOT, place).length + lambdas.length);
    const endless = groups.filter(({ resource }) => resource.Properties.RetentionInDays !== 90);
    expect(endless.map(({ id }) => id)).toEqual([]);
  });

  check("keeps its tables when the stack goes, and can go back in time", () => {
    const tables = resourcesOfType(template(), "AWS::DynamoDB::Table");
    expect(tables).toHaveLength({ home: 9, watch: 1 }[place]);
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
    // a name within its configuration set, which has the stage's
    expect(fixed).toEqual(place === "home" ? ['"nightshift-events"'] : []);
  });
});

describe.each(PLACES)("the packaged functions of %s (NIGHTSHIFT_PACKAGE=1)", (place) => {
  const check = process.env.NIGHTSHIFT_PACKAGE === "1" ? it : it.skip;

  check(
    "each has the time, the memory, the layer and the log group that it was given",
    () => {
      const template = packaged(place);
      const lambdas = resourcesOfType(template, "AWS::Lambda::Function");
      const functions = functionsOf(ROOT, place);
      const entries = entriesOf(ROOT, functions);
      const expected = functions.map(({ key }) => lambdaId(key));
      expect(lambdas.map(({ id }) => id).sort()).toEqual(expected.sort());
      for (const { id, resource } of lambdas) {
        const file = functions.find(({ key }) => lambdaId(key) === id)?.file ?? "";
        const own = entries.get(file)?.timeoutSeconds;
        expect(resource.Properties).toMatchObject({
          Timeout: own ?? PROVIDER.timeout,
          MemorySize: PROVIDER.memorySize,
          Runtime: PROVIDER.runtime,
          Architectures: [PROVIDER.architecture],
          Layers: [{ Ref: expect.stringMatching(/^PlatformLambdaLayer/) }],
          Environment: { Variables: { NIGHTSHIFT_BUCKET: { Ref: "Bucket" } } },
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
