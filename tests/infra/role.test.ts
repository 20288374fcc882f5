import { describe, expect, it } from "@jest/globals";
import { statementOf } from "../../infra/role.ts";
import type { Call } from "../../local/cloud/contract.ts";
import { needsOf } from "./needed-permissions.ts";
import { covers, type Grant } from "./role-statements.ts";

const ACCOUNT = "123456789012";
const BUCKET = `nightshift-test-${ACCOUNT}`;

const resourceOf = (kind: string): unknown =>
  statementOf({ may: ["s3:GetObject"], on: [kind] }, "test").Resource[0];

describe("kinds of resource", () => {
  it.each([
    ["bucket", `arn:\${AWS::Partition}:s3:::nightshift-test-\${AWS::AccountId}`],
    ["bucket/usage/*", `arn:\${AWS::Partition}:s3:::nightshift-test-\${AWS::AccountId}/usage/*`],
    [
      "machine/billing-entry",
      `arn:\${AWS::Partition}:states:\${AWS::Region}:\${AWS::AccountId}:stateMachine:nightshift-test-billing-entry`,
    ],
    ["status-bucket", `arn:\${AWS::Partition}:s3:::nightshift-test-\${AWS::AccountId}-status`],
    ["status-bucket/*", `arn:\${AWS::Partition}:s3:::nightshift-test-\${AWS::AccountId}-status/*`],
    [
      "table/monitor",
      `arn:\${AWS::Partition}:dynamodb:\${AWS::Region}:\${AWS::AccountId}:table/nightshift-test-monitor`,
    ],
    [
      "watch-table/monitor",
      `arn:\${AWS::Partition}:dynamodb:*:\${AWS::AccountId}:table/nightshift-test-monitor`,
    ],
    [
      "home-machine/ami-build",
      `arn:\${AWS::Partition}:states:*:\${AWS::AccountId}:stateMachine:nightshift-test-ami-build`,
    ],
    ["image", `arn:\${AWS::Partition}:ec2:*::image/*`],
    ["key-pair/x-STAGE-*", `arn:\${AWS::Partition}:ec2:*:\${AWS::AccountId}:key-pair/x-test-*`],
  ])("%s", (kind, arn) => {
    expect(resourceOf(kind)).toEqual({ "Fn::Sub": arn });
  });

  it.each(["buckets/usage", "toString"])("an unknown one is refused: %s", (kind) => {
    expect(() => resourceOf(kind)).toThrow(`no such kind of resource: ${kind}`);
  });
});

describe("what calls of S3 and Step Functions need", () => {
  const call = (service: Call["service"], operation: string, resource: string, error?: string): Call => ({
    ...{ index: 0, at: new Date(0), region: "us-east-1", caller: "x", service, operation, error },
    resources: [resource],
  });
  const needs = (...call_: Parameters<typeof call>) =>
    needsOf(call(...call_), ACCOUNT).map(({ action, resource }) => `${action} ${resource}`);
  const object = `${BUCKET}/usage/a b.gz`;

  it.each<[Parameters<typeof call>, string[]]>([
    [["s3", "GetObject", object], [`s3:GetObject arn:aws:s3:::${object}`]],
    [["s3", "HeadObject", object], [`s3:GetObject arn:aws:s3:::${object}`]],
    [["s3", "PutObject", object, "PreconditionFailed"], [`s3:PutObject arn:aws:s3:::${object}`]],
    [["s3", "DeleteObject", object], [`s3:DeleteObject arn:aws:s3:::${object}`]],
    [["s3", "ListObjectsV2", BUCKET], [`s3:ListBucket arn:aws:s3:::${BUCKET}`]],
    // without it S3 answers AccessDenied where the rehearsal answers NoSuchKey
    [
      ["s3", "GetObject", object, "NoSuchKey"],
      [`s3:GetObject arn:aws:s3:::${object}`, `s3:ListBucket arn:aws:s3:::${BUCKET}`],
    ],
    [
      [
        "states",
        "StartExecution",
        `arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:nightshift-test-billing-entry`,
      ],
      [
        `states:StartExecution arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:nightshift-test-billing-entry`,
      ],
    ],
  ])("%j", (made, needed) => {
    expect(needs(...made)).toEqual(needed);
  });

  it("a prefix covers its own objects and no others", () => {
    const grant: Grant = {
      ...{ functionName: "x", action: "s3:GetObject", condition: undefined },
      resource: `arn:aws:s3:::${BUCKET}/usage/*`,
    };
    const covered = (key: string) =>
      needsOf(call("s3", "GetObject", `${BUCKET}/${key}`), ACCOUNT).map((need) => covers(grant, need));
    expect([covered("usage/2026-11-22/manifest.json"), covered("nights/2026-11-22/a")]).toEqual([
      [true],
      [false],
    ]);
  });
});
