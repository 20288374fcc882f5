import { lambda, reasonOf, z } from "#platform";
import { dynamoDbIncidents } from "../adapters/dynamodb-incidents.ts";
import { TellStepSchema } from "../escalating/next-step.ts";
import { recordFailure } from "../escalating/record-failure.ts";

/** Notes that a contact could not be told. */
export const handler = lambda({
  input: z.object({
    incident: z.int().min(1),
    next: TellStepSchema,
    failure: z.object({ Error: z.string().optional(), Cause: z.string().optional() }),
  }),
  services: (settings) => ({ incidents: dynamoDbIncidents(settings) }),
  run: async ({ incident, next, failure }, { incidents }, { clock }) => ({
    seconds: 1,
    ...(await recordFailure(incident, next, reasonOf(failure), clock.now(), incidents)),
  }),
});
