import { readFleet } from "#fleet";
import { lambda, z } from "#platform";
import { ec2Access } from "../adapters/ec2-access.ts";
import { ec2BuilderPool } from "../adapters/ec2-builder-pool.ts";
import { BuildSchema, ClaimSchema } from "../build.ts";
import { imageOfBuild } from "../fleet-images.ts";
import { launchBuilder } from "../launch-builder.ts";
import { WAITS } from "../wait-policy.ts";

const Source = z.object({ imageId: z.string(), name: z.string(), rootDeviceName: z.string() });

/** Launches the builder, with a key pair and a door of its own. */
export const handler = lambda({
  input: z.object({ build: BuildSchema, claim: ClaimSchema, source: Source }),
  services: (settings) => ({
    fleet: readFleet(settings.fleetFile),
    access: ec2Access(settings),
    pool: ec2BuilderPool(settings),
  }),
  run: async ({ build, claim, source }, services, { settings }) => {
    const { spec } = imageOfBuild(services.fleet, build);
    const instanceId = await launchBuilder({ stage: settings.stage, spec, build, claim, source }, services);
    return { instanceId, ready: false, wait: { attempt: 0, seconds: WAITS.boot.intervalSeconds } };
  },
});
