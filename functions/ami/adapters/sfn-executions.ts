import { DescribeExecutionCommand, SFNClient } from "@aws-sdk/client-sfn";
import { clientSettings, type Settings } from "#platform";
import type { Executions } from "../ports.ts";
import { unlessMissing } from "./ec2-clients.ts";

/** Executions as Step Functions knows them. One that it does not know is not running. */
export function sfnExecutions(settings: Settings): Executions {
  const client = new SFNClient(clientSettings(settings));
  return {
    isRunning: async (executionArn) => {
      const found = await unlessMissing(["ExecutionDoesNotExist", "InvalidArn"], () =>
        client.send(new DescribeExecutionCommand({ executionArn })),
      );
      return found?.status === "RUNNING";
    },
  };
}
