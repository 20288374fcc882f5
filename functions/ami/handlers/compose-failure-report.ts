import { readFleet } from "#fleet";
import { lambda, reasonOf, z } from "#platform";
import { failureReport } from "../report.ts";
import { SweptSchema } from "../sweep.ts";

/** What the state machine holds when something failed: how far it came decides what is there. */
const State = z.object({
  image: z.string().default("(none named)"),
  failure: z.object({ Error: z.string().optional(), Cause: z.string().optional() }),
  cleanUp: z.object({ finished: z.boolean(), removed: z.array(SweptSchema) }).optional(),
  cleanUpFailure: z.object({ Error: z.string().optional() }).optional(),
  publication: z.object({}).optional(),
});

/** Writes the mail about a build that failed. */
export const handler = lambda({
  input: z.object({ executionArn: z.string(), state: State }),
  services: (settings) => ({ fleet: readFleet(settings.fleetFile) }),
  run: async ({ executionArn, state }, { fleet }) => {
    const reason = reasonOf(state.failure);
    const removed = (state.cleanUp?.removed ?? []).map(
      ({ what, id, region }) => `${what} ${id} in ${region}`,
    );
    // Once the image is published, what can still fail here is clean-up itself.
    const published = state.publication !== undefined;
    const cleanedUp = state.cleanUpFailure === undefined && !published;
    const failure = { image: state.image, executionArn, reason, removed, cleanedUp, published };
    return { reason, message: failureReport({ from: fleet.owner.from, to: fleet.owner.mail }, failure) };
  },
});
