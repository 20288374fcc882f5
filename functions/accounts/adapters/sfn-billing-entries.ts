import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { clientSettings, type Settings } from "#platform";
import type { BillingEntries } from "../ports.ts";

/**
 * Entries by way of the machine `billing-entry`. The execution is named by the entry: another event about the same
 * object finds it there already, running or done, and that is all that was wanted. Names are free again after 90 days
 * (Step Functions API, StartExecution); then the ledger itself knows the entry.
 */
export function sfnBillingEntries(settings: Settings): BillingEntries {
  const client = new SFNClient(clientSettings(settings));
  const sts = new STSClient(clientSettings(settings));
  let machineArn: string | undefined;
  return {
    start: async (account, { amount, ...entry }, at) => {
      machineArn ??= await arnOf(sts, settings);
      const input = { account, entry: { ...entry, amount: String(amount) }, time: at.toISOString() };
      try {
        await client.send(
          new StartExecutionCommand({
            stateMachineArn: machineArn,
            name: entry.id.replaceAll(/[^A-Za-z0-9_.-]/g, "-"),
            input: JSON.stringify(input),
          }),
        );
      } catch (error) {
        if (!(error instanceof ExecutionAlreadyExists)) throw error;
      }
    },
  };
}

/** A function knows its region; its account and partition it has to ask for, which needs no permission (STS API). */
async function arnOf(sts: STSClient, { region, stage }: Settings): Promise<string> {
  const { Arn = "", Account = "" } = await sts.send(new GetCallerIdentityCommand({}));
  const [, partition = "aws"] = Arn.split(":");
  return `arn:${partition}:states:${region}:${Account}:stateMachine:nightshift-${stage}-billing-entry`;
}
