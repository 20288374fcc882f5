import { z } from "zod";
import type { Account } from "../account.ts";
import { AwsError } from "../aws-error.ts";
import type { ExecutionRecord } from "../contract.ts";
import { jsonPage, readInput } from "../json-input.ts";
import type { ServiceModel } from "../service-model.ts";
import { startExecution } from "./start-execution.ts";

const Described = z.object({ executionArn: z.string() });
const Listed = z.object({
  stateMachineArn: z.string().optional(),
  statusFilter: z.enum(["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]).optional(),
  maxResults: z.number().int().min(0).max(1000).optional(),
  nextToken: z.string().optional(),
});

/** What it can be asked. */
export const STATES_OPERATIONS: Readonly<Record<string, (account: Account, input: unknown) => object>> = {
  StartExecution: startExecution,
  DescribeExecution: (account, input) => {
    const { executionArn } = readInput(Described, input);
    if (!executionArn.startsWith("arn:aws:states:")) {
      throw new AwsError("InvalidArn", `Invalid Arn: 'Invalid ARN prefix: ${executionArn}'`);
    }
    const found = account.executions().find((one) => one.executionArn === executionArn);
    if (found !== undefined) return { ...describe(found), input: JSON.stringify(found.input ?? {}) };
    throw new AwsError("ExecutionDoesNotExist", `Execution Does Not Exist: '${executionArn}'`);
  },
  ListExecutions: (account, input) => {
    const { stateMachineArn, statusFilter, maxResults, nextToken: token } = readInput(Listed, input);
    // AWS lists the most recent first (Step Functions API, ListExecutions).
    const found = account
      .executions()
      .filter((one) => stateMachineArn === undefined || one.stateMachineArn === stateMachineArn)
      .filter((one) => statusFilter === undefined || one.status === statusFilter)
      .sort((a, b) => b.startDate.getTime() - a.startDate.getTime());
    const { items, nextToken } = jsonPage(found, maxResults || 100, token);
    return { executions: items.map(describe), nextToken };
  },
  ListStateMachines: (account) => {
    const oldestFirst = account.executions().sort((a, b) => a.startDate.getTime() - b.startDate.getTime());
    const machines = Map.groupBy(oldestFirst, ({ stateMachineArn }) => stateMachineArn);
    return {
      stateMachines: [...machines].map(([stateMachineArn, [first]]) => ({
        stateMachineArn,
        name: stateMachineArn.slice(stateMachineArn.lastIndexOf(":") + 1),
        type: "STANDARD",
        creationDate: epochSeconds(first?.startDate),
      })),
    };
  },
};

/** Step Functions (JSON 1.0): the executions that the engine keeps, as AWS would report and start them. */
export function statesModel(account: Account): ServiceModel {
  return {
    service: "states",
    protocol: "json-1.0",
    namespace: "",
    operations: Object.keys(STATES_OPERATIONS),
    resourcesOf: ({ json }) => {
      const { executionArn, stateMachineArn } = Named.safeParse(json).data ?? {};
      return [executionArn ?? [], stateMachineArn ?? []].flat();
    },
    carryOut: async ({ operation, json }) => ({
      kind: "json",
      result: (await STATES_OPERATIONS[operation]?.(account, json)) ?? {},
    }),
  };
}

const Named = z.object({ executionArn: z.string().optional(), stateMachineArn: z.string().optional() });

function describe({ input: _, ...record }: ExecutionRecord) {
  return { ...record, startDate: epochSeconds(record.startDate), stopDate: epochSeconds(record.stopDate) };
}

function epochSeconds(date: Date | undefined): number | undefined {
  return date === undefined ? undefined : date.getTime() / 1000;
}
