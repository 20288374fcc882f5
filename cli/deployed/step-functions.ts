import {
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  paginateListStateMachines,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { explainAwsError } from "./aws-error.ts";
import type { Machines } from "./machines.ts";

/** The largest page that GetExecutionHistory gives (API reference). */
const HISTORY_PAGE = 1000;

/** Step Functions in one region, with the operator's own credentials (the SDK's credential chain). */
export function stepFunctions(region: string): Machines {
  const client = new SFNClient({ region, userAgentAppId: "nightshift-cli" });
  const explained = <T>(work: Promise<T>) =>
    work.catch((error: unknown) => Promise.reject(explainAwsError(error, region)));
  return {
    region,
    list: () => explained(listMachines(client)),
    start: async (machine, name, input) => {
      const command = new StartExecutionCommand({
        stateMachineArn: machine.arn,
        name,
        input: JSON.stringify(input),
      });
      const { executionArn = "" } = await explained(client.send(command));
      return executionArn;
    },
    executions: async (machine, most) => {
      const command = new ListExecutionsCommand({ stateMachineArn: machine.arn, maxResults: most });
      const { executions = [] } = await explained(client.send(command));
      return executions.map(({ name = "", executionArn = "", status = "", startDate, stopDate }) => {
        return { name, executionArn, status, startDate, stopDate };
      });
    },
    history: async (executionArn, nextToken) => {
      const command = new GetExecutionHistoryCommand({ executionArn, nextToken, maxResults: HISTORY_PAGE });
      const { events = [], nextToken: next } = await explained(client.send(command));
      return { events, next };
    },
  };
}

async function listMachines(client: SFNClient) {
  const found: { name: string; arn: string }[] = [];
  for await (const { stateMachines = [] } of paginateListStateMachines({ client }, {})) {
    for (const { name = "", stateMachineArn = "" } of stateMachines)
      found.push({ name, arn: stateMachineArn });
  }
  return found;
}
