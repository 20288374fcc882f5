import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { clientSettings, type Settings } from "#platform";

/**
 * ARNs of this stage's state machines in a region, by their names in the project. A function knows its region; account and
 * partition have to be asked for, which needs no permission (STS API), in the function's own region. Asked once; a failure
 * is asked again.
 */
export function machineArns(settings: Settings, region: string): (machine: string) => Promise<string> {
  const sts = new STSClient(clientSettings(settings));
  let prefix: Promise<string> | undefined;
  return async (machine) => {
    prefix ??= prefixOf(sts, settings.stage, region).catch((error: Error) => {
      prefix = undefined;
      throw error;
    });
    return `${await prefix}${machine}`;
  };
}

async function prefixOf(sts: STSClient, stage: string, region: string): Promise<string> {
  const { Arn = "", Account = "" } = await sts.send(new GetCallerIdentityCommand({}));
  const [, partition = "aws"] = Arn.split(":");
  return `arn:${partition}:states:${region}:${Account}:stateMachine:nightshift-${stage}-`;
}
