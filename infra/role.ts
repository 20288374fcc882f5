import type { Permission } from "./functions-file.ts";
import { resourcesOf, sub } from "./resource-kind.ts";

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
