import type { Permission } from "./functions-file.ts";

/** An IAM policy statement as CloudFormation takes it. */
export interface Statement {
  readonly Effect: "Allow";
  readonly Action: string[];
  readonly Resource: unknown[];
  readonly Condition?: Record<string, Record<string, unknown>>;
}

const STAGE_TAG = "nightshift:stage";

/** The statement that a permission stands for, in a stage. */
export function statementOf(permission: Permission, stage: string): Statement {
  const condition = conditionOf(permission, stage);
  return {
    Effect: "Allow",
    Action: permission.may,
    Resource: permission.on.flatMap((kind) => resourcesOf(kind, stage)),
    ...(condition === undefined ? {} : { Condition: condition }),
  };
}

/** The role of one function: its permissions, and its own log group. */
export function roleOf(functionName: string, permissions: readonly Permission[], stage: string) {
  const logs: Statement = {
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: [
      sub(
        `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:/aws/lambda/${functionName}:*`,
      ),
    ],
  };
  return {
    Type: "AWS::IAM::Role",
    Properties: {
      RoleName: functionName,
      AssumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
        ],
      },
      Policies: [
        {
          PolicyName: functionName,
          PolicyDocument: {
            Version: "2012-10-17",
            Statement: [logs, ...permissions.map((permission) => statementOf(permission, stage))],
          },
        },
      ],
    },
  };
}

function conditionOf(permission: Permission, stage: string): Statement["Condition"] {
  if (permission.while !== undefined) return { StringEquals: { "ec2:CreateAction": permission.while } };
  if (permission.if === "ours") return { StringEquals: { [`aws:ResourceTag/${STAGE_TAG}`]: stage } };
  if (permission.if === "tagged") return { StringEquals: { [`aws:RequestTag/${STAGE_TAG}`]: stage } };
  return undefined;
}

// Images and copies live in every region of the fleet, so EC2 and SSM resources are not narrowed to one region.
function resourcesOf(kind: string, stage: string): unknown[] {
  if (kind === "*") return ["*"];
  const [first = "", ...rest] = kind.split("/");
  const path = rest.join("/").replaceAll("STAGE", stage);
  const anywhere = (service: string) => `arn:\${AWS::Partition}:${service}:*:\${AWS::AccountId}`;
  switch (first) {
    case "parameter":
      return [sub(`${anywhere("ssm")}:parameter/${path}`)];
    case "public-parameter":
      return [sub(`arn:\${AWS::Partition}:ssm:*::parameter/${path}`)];
    case "table":
      return [
        sub(
          `arn:\${AWS::Partition}:dynamodb:\${AWS::Region}:\${AWS::AccountId}:table/nightshift-${stage}-${path}`,
        ),
      ];
    case "bucket": {
      // The bucket itself, for s3:ListBucket, or objects in it: their ARNs name neither region nor account.
      const objects = path === "" ? "" : `/${path}`;
      return [sub(`arn:\${AWS::Partition}:s3:::nightshift-${stage}-\${AWS::AccountId}${objects}`)];
    }
    case "machine":
      return [
        sub(
          `arn:\${AWS::Partition}:states:\${AWS::Region}:\${AWS::AccountId}:stateMachine:nightshift-${stage}-${path}`,
        ),
      ];
    case "execution":
      return [sub(`${anywhere("states")}:execution:nightshift-${stage}-*:*`)];
    case "identity":
      return [sub(`arn:\${AWS::Partition}:ses:\${AWS::Region}:\${AWS::AccountId}:identity/*`)];
    case "configuration-set":
      return [
        sub(
          `arn:\${AWS::Partition}:ses:\${AWS::Region}:\${AWS::AccountId}:configuration-set/nightshift-${stage}`,
        ),
      ];
    case "image":
    case "snapshot":
      return [sub(`arn:\${AWS::Partition}:ec2:*::${first}/*`)]; // AMIs and snapshots have no account in their ARN
    case "instance":
    case "volume":
    case "key-pair":
    case "security-group":
    case "subnet":
    case "vpc":
    case "network-interface":
      return [sub(`${anywhere("ec2")}:${first}/${path || "*"}`)];
    default:
      throw new Error(`functions.yml: no such kind of resource: ${kind}`);
  }
}

function sub(text: string): { "Fn::Sub": string } {
  return { "Fn::Sub": text };
}
