import { readFleet } from "#fleet";
import { lambda, z } from "#platform";
import { ec2ImageStore } from "../adapters/ec2-image-store.ts";
import { ssmImagePointers } from "../adapters/ssm-image-pointers.ts";
import { BuildSchema } from "../build.ts";
import { imageOfBuild } from "../fleet-images.ts";
import { resolveSource } from "../resolve-source.ts";

/** Finds FreeBSD's builder image for the release. */
export const handler = lambda({
  input: z.object({ build: BuildSchema }),
  services: (settings) => ({
    fleet: readFleet(settings.fleetFile),
    images: ec2ImageStore(settings),
    pointers: ssmImagePointers(settings),
  }),
  run: ({ build }, services) => resolveSource(imageOfBuild(services.fleet, build).spec, build, services),
});
