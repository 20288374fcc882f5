import { readFleet } from "#fleet";
import { lambda, z } from "#platform";
import { ssmKeyStore } from "../adapters/ssm-key-store.ts";
import { forgetNextKey } from "../keys.ts";
import { RotationSchema } from "../rotation.ts";

/** Removes the next key from both regions, if the one is in force that shall be. */
export const handler = lambda({
  input: z.object({ rotation: RotationSchema, inForce: z.string() }),
  services: (settings) => ({ store: ssmKeyStore(settings, readFleet(settings.fleetFile).regions) }),
  run: async ({ rotation, inForce }, { store }) => {
    await forgetNextKey(rotation, inForce, store);
    return {};
  },
});
