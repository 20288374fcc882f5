import { readFleet } from "#fleet";
import { lambda, z } from "#platform";
import { rotatedReport } from "../report.ts";
import { RotationSchema } from "../rotation.ts";

const Keys = z.object({ from: z.string(), to: z.string(), isForgotten: z.boolean() });
const Ends = z.array(z.object({ host: z.string() }));

/** Writes the mail about a key that was changed. */
export const handler = lambda({
  input: z.object({
    claim: z.object({ rotation: RotationSchema, servers: Ends, clients: Ends }),
    keys: Keys,
  }),
  services: (settings) => ({ fleet: readFleet(settings.fleetFile) }),
  run: async ({ claim, keys }, { fleet }) => {
    const hosts = new Set([...claim.servers, ...claim.clients].map(({ host }) => host));
    return { message: rotatedReport(fleet, claim.rotation, keys, [...hosts]) };
  },
});
