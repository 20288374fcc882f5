import { readFleet } from "#fleet";
import { lambda } from "#platform";
import { ssmKeyStore } from "../adapters/ssm-key-store.ts";
import { commitKey } from "../keys.ts";
import { requireKnownEnds } from "../plan-rotation.ts";
import { BegunRotationSchema } from "../rotation.ts";

/** Puts the new key in force, in both regions. From then on nobody has the old one. */
export const handler = lambda({
  input: BegunRotationSchema,
  services: (settings) => {
    const fleet = readFleet(settings.fleetFile);
    return { fleet, store: ssmKeyStore(settings, fleet.regions) };
  },
  run: async ({ rotation, to, servers, clients }, { fleet, store }) => {
    requireKnownEnds(fleet, { pipe: rotation.pipe, ends: [...servers, ...clients] });
    await commitKey(rotation, to, store);
    return {};
  },
});
