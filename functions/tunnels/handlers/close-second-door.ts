import { readFleet } from "#fleet";
import { lambda, z } from "#platform";
import { sshHosts } from "../adapters/ssh-hosts.ts";
import { closeSecondDoor } from "../change-doors.ts";
import { serverEnd } from "../pipe-ends.ts";
import { RotationSchema } from "../rotation.ts";

/** On one host, nothing listens at the second port any more. */
export const handler = lambda({
  input: z.object({ rotation: RotationSchema, host: z.string(), pipe: z.string() }),
  services: (settings) => {
    const fleet = readFleet(settings.fleetFile);
    return { fleet, hosts: sshHosts(settings, fleet) };
  },
  run: async ({ rotation, host, pipe }, { fleet, hosts }) => {
    await closeSecondDoor(serverEnd(fleet, rotation.pipe, { host, pipe }), hosts);
    return { host };
  },
});
