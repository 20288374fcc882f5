import { lambda, z } from "#platform";
import { ec2ImageStore } from "../adapters/ec2-image-store.ts";
import { ssmImagePointers } from "../adapters/ssm-image-pointers.ts";
import { BuildSchema } from "../build.ts";
import { publishImage } from "../publish-image.ts";

/** Makes the image the current one of a region. */
export const handler = lambda({
  input: z.object({ build: BuildSchema, region: z.string(), imageId: z.string() }),
  services: (settings) => ({ images: ec2ImageStore(settings), pointers: ssmImagePointers(settings) }),
  run: async ({ build, region, imageId }, services, { settings }) => {
    await publishImage({ stage: settings.stage, build, region, imageId }, services);
    return { region, imageId };
  },
});
