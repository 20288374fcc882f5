import { readFleet } from "#fleet";
import { lambda, z } from "#platform";
import { sshHosts } from "../adapters/ssh-hosts.ts";
import { ssmKeyStore } from "../adapters/ssm-key-store.ts";
import { openSecondDoor } from "../change-doors.ts";
import { readNextKey } from "../keys.ts";
import { serverEnd } from "../pipe-ends.ts";
import { RotationSchema } from "../rotation.ts";

/** On one host, the new key lets in at the second port. */
export const handler = lambda({
  input: z.object({ rotation: RotationSchema, to: z.string(), host: z.string(), pipe: z.string() }),
  services: (settings) => {
    const fleet = readFleet(settings.fleetFile);
    return { fleet, hosts: sshHosts(settings, fleet), store: ssmKeyStore(settings, fleet.regions) };
  },
  run: async ({ rotation, to, host, pipe }, { fleet, hosts, store }) => {
    const end = serverEnd(fleet, rotation.pipe, { host, pipe });
    await openSecondDoor(end, await readNextKey(rotation, to, store), hosts);
    return { host };
  },
});
