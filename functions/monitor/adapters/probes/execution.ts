import { judgeExecutions } from "../../findings/execution-finding.ts";
import type { Probe } from "./attempt.ts";

/** A process of nightshift's own, as Step Functions of the home region knows it. */
export const probeExecution: Probe<"execution"> = async (check, { executions, now }, attempt) => {
  attempt.stage = `asking Step Functions about ${check.machine}`;
  return judgeExecutions(await executions(check.machine), check, now);
};
