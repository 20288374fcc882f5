import { readFleet } from "#fleet";
import { lambda, z } from "#platform";
import { composeFailure } from "../compose-night-report.ts";

/** The report of a night that could not be billed, for the owner. */
export const handler = lambda({
  input: z.object({
    time: z.iso.datetime(),
    failure: z.object({ Error: z.string(), Cause: z.string().default("") }),
  }),
  services: (settings) => ({ owner: readFleet(settings.fleetFile).owner.mail }),
  run: async ({ time, failure }, { owner }) => ({ notice: composeFailure(time, owner, failure) }),
});
