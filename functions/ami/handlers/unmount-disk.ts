import { readFleet } from "#fleet";
import { lambda, z } from "#platform";
import { sshBuilderShell } from "../adapters/ssh-builder-shell.ts";
import { ssmSecrets } from "../adapters/ssm-secrets.ts";
import { BuildSchema } from "../build.ts";
import { BootedBuilderSchema } from "../check-builder.ts";
import { imageOfBuild } from "../fleet-images.ts";
import { unmountDisk } from "../provision.ts";

/** Unmounts the disk and proves it. */
export const handler = lambda({
  input: z.object({ build: BuildSchema, builder: BootedBuilderSchema }),
  services: (settings) => ({
    fleet: readFleet(settings.fleetFile),
    shell: sshBuilderShell(settings),
    secrets: ssmSecrets(settings),
  }),
  run: async ({ build, builder }, services, { settings }) => {
    const { recipe } = imageOfBuild(services.fleet, build);
    await unmountDisk({ stage: settings.stage, build, builder }, recipe, services);
    return {};
  },
});
