import type { Account } from "./account.ts";
import { AwsError } from "./aws-error.ts";
import { VCPU_QUOTA } from "./ec2/instances.ts";

type Input = Readonly<Record<string, unknown>>;

/** Service Quotas (JSON 1.1): the one quota that EC2 enforces here. */
export function serviceQuotas(operation: string, input: Input): unknown {
  if (operation !== "GetServiceQuota") throw unknownOperation(operation);
  if (input.ServiceCode !== "ec2" || input.QuotaCode !== "L-1216C47A") {
    throw new AwsError(
      "NoSuchResourceException",
      "The request failed because the specified quota does not exist.",
    );
  }
  return {
    Quota: {
      ServiceCode: "ec2",
      QuotaCode: "L-1216C47A",
      QuotaName: "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
      Value: VCPU_QUOTA,
      Unit: "None",
      Adjustable: true,
    },
  };
}

/** Step Functions (JSON 1.0): the executions of the embedded engine, as they would be listed on AWS. */
export function stepFunctions(account: Account, operation: string, input: Input): unknown {
  const executions = account.executions().map((one) => ({
    ...one,
    startDate: one.startDate.getTime() / 1000,
    ...(one.stopDate === undefined ? {} : { stopDate: one.stopDate.getTime() / 1000 }),
  }));
  if (operation === "DescribeExecution") {
    const found = executions.find((one) => one.executionArn === input.executionArn);
    if (found !== undefined) return found;
    throw new AwsError("ExecutionDoesNotExist", `Execution Does Not Exist: '${input.executionArn}'`);
  }
  if (operation === "ListExecutions") {
    const wanted = input.statusFilter;
    return { executions: executions.filter((one) => wanted === undefined || one.status === wanted) };
  }
  throw unknownOperation(operation);
}

function unknownOperation(operation: string): AwsError {
  return new AwsError("UnknownOperationException", `no operation ${operation}`);
}
