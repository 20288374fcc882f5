import { readFleet } from "#fleet";
import { lambda, z } from "#platform";
import { acknowledgeIncident } from "../acknowledge-incident.ts";
import { dynamoDbIncidents } from "../adapters/dynamodb-incidents.ts";
import { monitorOf } from "../monitor-of.ts";

/** An operator has it, says the command line. */
export const handler = lambda({
  input: z.object({
    claim: z.object({
      incident: z.int().min(1),
      by: z.string().min(1).max(60),
      hours: z.number().positive().max(72).optional(),
    }),
    /** The execution's name: started again, it acknowledges nothing anew. */
    proof: z.string().min(1),
  }),
  services: (settings) => ({
    hours: monitorOf(readFleet(settings.fleetFile)).acknowledgedHours,
    incidents: dynamoDbIncidents(settings),
  }),
  run: ({ claim, proof }, desk, { clock }) => acknowledgeIncident({ ...claim, proof }, clock.now(), desk),
});
