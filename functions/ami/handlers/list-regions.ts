import { readFleet } from "#fleet";
import { lambda, z } from "#platform";

/** Names the regions that the fleet uses: where the reaper has to look. */
export const handler = lambda({
  input: z.object({}),
  services: (settings) => ({ fleet: readFleet(settings.fleetFile) }),
  run: async (_, { fleet }) => {
    const copies = Object.values(fleet.images).flatMap(({ copyTo }) => copyTo);
    return { regions: [...new Set([fleet.regions.home, fleet.regions.watch, ...copies])] };
  },
});
