import { readFleet } from "#fleet";
import { lambda, z } from "#platform";
import { sshHosts } from "../adapters/ssh-hosts.ts";
import { ssmKeyStore } from "../adapters/ssm-key-store.ts";
import { pointClient } from "../change-doors.ts";
import { readKeyInForce, readNextKey } from "../keys.ts";
import { clientEnd } from "../pipe-ends.ts";
import { RotationSchema } from "../rotation.ts";

/** On one host, a pipe leads to the second door with the new key, or to the first with the one that is in force. */
export const handler = lambda({
  input: z.object({
    rotation: RotationSchema,
    /** Fingerprint of the key with which it is to lead there. */
    to: z.string(),
    host: z.string(),
    pipe: z.string(),
    door: z.enum(["first", "second"]),
  }),
  services: (settings) => {
    const fleet = readFleet(settings.fleetFile);
    return { fleet, hosts: sshHosts(settings, fleet), store: ssmKeyStore(settings, fleet.regions) };
  },
  run: async ({ rotation, to, host, pipe, door }, { fleet, hosts, store }) => {
    const end = clientEnd(fleet, rotation.pipe, { host, pipe });
    const key = door === "second" ? readNextKey(rotation, to, store) : readKeyInForce(rotation, to, store);
    await pointClient(end, door, await key, hosts);
    return { host };
  },
});
