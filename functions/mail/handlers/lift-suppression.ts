import { lambda, z } from "#platform";
import { dynamoDbSuppressions } from "../adapters/dynamodb-suppressions.ts";

/** Lets an address get mail again: an operator says so, or a customer who has confirmed it anew. */
export const handler = lambda({
  input: z.object({ address: z.string().min(3) }),
  services: (settings) => ({ suppressions: dynamoDbSuppressions(settings) }),
  run: async ({ address }, { suppressions }, { clock }) => ({
    address,
    lifted: await suppressions.lift(address, clock.now()),
  }),
});
