import { lambda, z } from "#platform";
import { sfnImageBuilds } from "../adapters/sfn-image-builds.ts";
import { startBuilds } from "../start-builds.ts";

/** Starts a build of each image that would be another one today. */
export const handler = lambda({
  input: z.object({ check: z.iso.datetime(), builds: z.array(z.string()) }),
  services: (settings) => ({ builds: sfnImageBuilds(settings) }),
  run: ({ check, builds: images }, { builds }) => startBuilds(check, images, builds),
});
