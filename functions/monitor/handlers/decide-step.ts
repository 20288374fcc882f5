import { readFleet } from "#fleet";
import { lambda, z } from "#platform";
import { dynamoDbIncidents } from "../adapters/dynamodb-incidents.ts";
import { decideStep } from "../escalating/decide-step.ts";
import { monitorOf } from "../monitor-of.ts";

/** What to do next about an incident. */
export const handler = lambda({
  input: z.object({ incident: z.int().min(1) }),
  services: (settings) => ({
    monitor: monitorOf(readFleet(settings.fleetFile)),
    incidents: dynamoDbIncidents(settings),
  }),
  run: ({ incident }, desk, { clock }) => decideStep(incident, clock.now(), desk),
});
