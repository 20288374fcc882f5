import type { Account } from "./account.ts";
import { AwsError } from "./aws-error.ts";
import { type Params, text, type Xml } from "./query-protocol.ts";

/** STS (query): who one is. */
export function sts(account: Account, operation: string): Xml {
  if (operation !== "GetCallerIdentity") throw invalidAction(operation);
  return {
    Arn: `arn:aws:iam::${account.accountId}:user/rehearsal`,
    UserId: "AIDAREHEARSAL",
    Account: account.accountId,
  };
}

/**
 * CloudFormation (query): an account in which nothing has been deployed yet. That is what the framework asks while it
 * packages a layer, so that the whole stack packages without credentials.
 */
export function cloudFormation(operation: string, params: Params): Xml {
  if (["DescribeStacks", "DescribeStackResource", "DescribeStackResources"].includes(operation)) {
    throw new AwsError("ValidationError", `Stack with id ${text(params, "StackName")} does not exist`);
  }
  if (operation === "ListStacks") return { StackSummaries: [] };
  if (operation === "ValidateTemplate") return { Parameters: [], Capabilities: [] };
  throw invalidAction(operation);
}

function invalidAction(operation: string): AwsError {
  return new AwsError("InvalidAction", `Could not find operation ${operation}`);
}
