import { readFleet } from "#fleet";
import { lambda, z } from "#platform";
import { ec2ImageStore } from "../adapters/ec2-image-store.ts";
import { ssmImagePointers } from "../adapters/ssm-image-pointers.ts";
import { BuildSchema } from "../build.ts";
import { imageOfBuild } from "../fleet-images.ts";
import { retireImages } from "../retire-images.ts";

/** Removes the oldest images of a region beyond the number to keep, never one in use. */
export const handler = lambda({
  input: z.object({ build: BuildSchema, region: z.string() }),
  services: (settings) => ({
    fleet: readFleet(settings.fleetFile),
    images: ec2ImageStore(settings),
    pointers: ssmImagePointers(settings),
  }),
  run: async ({ build, region }, services, { settings }) => {
    const { keep } = imageOfBuild(services.fleet, build).spec;
    return { retired: await retireImages({ stage: settings.stage, build, region, keep }, services) };
  },
});
