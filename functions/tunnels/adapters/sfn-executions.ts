import { DescribeExecutionCommand, SFNClient } from "@aws-sdk/client-sfn";
import { clientSettings, type Settings } from "#platform";
import type { Executions } from "../ports.ts";

/** Errors that say that there is no such execution (Step Functions API, DescribeExecution). */
const UNKNOWN: ReadonlySet<string> = new Set(["ExecutionDoesNotExist", "InvalidArn"]);

/** Executions as Step Functions knows them. One that it does not know is not running. */
export function sfnExecutions(settings: Settings): Executions {
  const client = new SFNClient(clientSettings(settings));
  return {
    isRunning: async (executionArn) => {
      try {
        const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
        return status === "RUNNING";
      } catch (error) {
        if (error instanceof Error && UNKNOWN.has(error.name)) return false;
        throw error;
      }
    },
  };
}
