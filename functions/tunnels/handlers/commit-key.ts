import { readFleet } from "#fleet";
import { lambda, z } from "#platform";
import { ssmKeyStore } from "../adapters/ssm-key-store.ts";
import { commitKey } from "../keys.ts";
import { RotationSchema } from "../rotation.ts";

/** Puts the new key in force, in both regions. */
export const handler = lambda({
  input: z.object({ rotation: RotationSchema, to: z.string() }),
  services: (settings) => ({ store: ssmKeyStore(settings, readFleet(settings.fleetFile).regions) }),
  run: async ({ rotation, to }, { store }) => {
    await commitKey(rotation, to, store);
    return {};
  },
});
