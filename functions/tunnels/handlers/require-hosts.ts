import { lambda, z } from "#platform";
import { requireHosts } from "../require-hosts.ts";
import { HostOutcomeSchema } from "../rotation.ts";

/** Was a step done on every host? */
export const handler = lambda({
  input: z.object({ outcomes: z.array(HostOutcomeSchema) }),
  services: () => ({}),
  run: async ({ outcomes }) => requireHosts(outcomes),
});
