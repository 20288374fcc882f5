import { lambda, z } from "#platform";
import { ec2ImageStore } from "../adapters/ec2-image-store.ts";
import { BuildSchema, ClaimSchema } from "../build.ts";
import { createImage } from "../make-image.ts";
import { WAITS } from "../wait-policy.ts";

/** Makes the image of the builder's disk. */
export const handler = lambda({
  input: z.object({ build: BuildSchema, claim: ClaimSchema, instanceId: z.string() }),
  services: (settings) => ({ images: ec2ImageStore(settings) }),
  run: async ({ build, claim, instanceId }, { images }, { settings }) => {
    const imageId = await createImage({ stage: settings.stage, build, claim }, instanceId, images);
    return { imageId, available: false, wait: { attempt: 0, seconds: WAITS.image.intervalSeconds } };
  },
});
