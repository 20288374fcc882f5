import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { clientSettings, type Settings } from "#platform";
import type { Escalations } from "../ports.ts";
import { machineArns } from "./machine-arns.ts";

/**
 * Escalations as executions of `monitor-escalate` in this region. They are named by incident and occasion, so that one
 * that was started is found there, running or done; names are free again after 90 days (Step Functions API).
 */
export function sfnEscalations(settings: Settings): Escalations {
  const client = new SFNClient(clientSettings(settings));
  const arnOf = machineArns(settings, settings.region);
  return {
    start: async (incident, about, at) => {
      const stateMachineArn = await arnOf("monitor-escalate");
      try {
        await client.send(
          new StartExecutionCommand({
            stateMachineArn,
            name: `incident-${String(incident).padStart(6, "0")}-${about}`,
            input: JSON.stringify({ incident, time: at.toISOString() }),
          }),
        );
      } catch (error) {
        if (!(error instanceof ExecutionAlreadyExists)) throw error;
      }
    },
  };
}
