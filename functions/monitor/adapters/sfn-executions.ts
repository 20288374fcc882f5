import {
  type ExecutionListItem,
  type ExecutionStatus,
  ListExecutionsCommand,
  SFNClient,
} from "@aws-sdk/client-sfn";
import { clientSettings, Failure, type Settings } from "#platform";
import type { Executions } from "../findings/execution-finding.ts";
import type { Surroundings } from "../ports.ts";
import { machineArns } from "./machine-arns.ts";

/** How many of the newest executions are looked at: nights are one or two, however they ended. */
const NEWEST = 20;
/** Pages of a list of which each may be empty, though others follow (Step Functions API, ListExecutions). */
const PAGES = 5;

/** Step Functions did not say what was asked. */
export class ExecutionsUnknownError extends Failure {
  override readonly name = "ExecutionsUnknownError";
}

/**
 * Executions as Step Functions of `homeRegion` knows them, by the name of their machine. This is the one thing that the
 * monitor looks at in the region that it watches.
 */
export function sfnExecutions(settings: Settings, homeRegion: string): Surroundings["executions"] {
  const client = new SFNClient(clientSettings(settings, homeRegion));
  const arnOf = machineArns(settings, homeRegion);
  return async (machine) => {
    try {
      const stateMachineArn = await arnOf(machine);
      const newest = await list(client, stateMachineArn, undefined, NEWEST);
      const hasSuccess = newest.some(({ status }) => status === "SUCCEEDED");
      const older = hasSuccess ? [] : await list(client, stateMachineArn, "SUCCEEDED", 1);
      return summary([...newest, ...older]);
    } catch (error) {
      const { name } = error as Error;
      const words =
        name === "StateMachineDoesNotExist"
          ? `there is no machine ${machine} in ${homeRegion}`
          : `Step Functions in ${homeRegion} said nothing of ${machine}: ${name}`;
      throw new ExecutionsUnknownError(words, { cause: error });
    }
  };
}

/** The first executions of a machine, newest first, of one status or of all. */
async function list(
  client: SFNClient,
  stateMachineArn: string,
  statusFilter: ExecutionStatus | undefined,
  maxResults: number,
): Promise<ExecutionListItem[]> {
  let nextToken: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const request = new ListExecutionsCommand({ stateMachineArn, statusFilter, maxResults, nextToken });
    const answer = await client.send(request);
    if ((answer.executions ?? []).length > 0) return answer.executions ?? [];
    nextToken = answer.nextToken;
    if (nextToken === undefined) break;
  }
  return [];
}

/** Lists are by start; what counts of those that ended is when they did. */
function summary(executions: readonly ExecutionListItem[]): Executions {
  const latestEnd = (of: (status: string) => boolean) =>
    executions
      .filter(({ status = "", stopDate }) => of(status) && stopDate !== undefined)
      .sort((a, b) => (b.stopDate?.getTime() ?? 0) - (a.stopDate?.getTime() ?? 0))[0];
  const failure = latestEnd((status) => ["FAILED", "TIMED_OUT", "ABORTED"].includes(status));
  return {
    succeededAt: latestEnd((status) => status === "SUCCEEDED")?.stopDate,
    runningSince: executions.find(({ status }) => status === "RUNNING")?.startDate,
    failedAt: failure?.stopDate,
    failedStatus: failure?.status,
  };
}
