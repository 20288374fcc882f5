import { lambda, z } from "#platform";
import { ec2ImageStore } from "../adapters/ec2-image-store.ts";

/** Makes instances of the image refuse IMDSv1. */
export const handler = lambda({
  input: z.object({ region: z.string(), imageId: z.string() }),
  services: (settings) => ({ images: ec2ImageStore(settings) }),
  run: async ({ region, imageId }, { images }) => {
    await images.requireImdsV2(region, imageId);
    return {};
  },
});
