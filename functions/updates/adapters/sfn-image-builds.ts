import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { clientSettings, type Settings } from "#platform";
import type { ImageBuilds } from "../ports.ts";

/**
 * Builds as executions of `ami-build` in this region. One of the same name that is there, running or done, is the one that
 * was meant; names are free again after 90 days (Step Functions API). Account and partition are asked for, which needs no
 * permission (STS API).
 */
export function sfnImageBuilds(settings: Settings): ImageBuilds {
  const sfn = new SFNClient(clientSettings(settings));
  const sts = new STSClient(clientSettings(settings));
  return {
    start: async (image, name, time) => {
      const { Arn = "", Account = "" } = await sts.send(new GetCallerIdentityCommand({}));
      const [, partition = "aws"] = Arn.split(":");
      const stateMachineArn = `arn:${partition}:states:${settings.region}:${Account}:stateMachine:nightshift-${settings.stage}-ami-build`;
      try {
        await sfn.send(
          new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify({ image, time }) }),
        );
      } catch (error) {
        if (!(error instanceof ExecutionAlreadyExists)) throw error;
      }
    },
  };
}
