import { lambda, z } from "#platform";
import { ec2ImageStore } from "../adapters/ec2-image-store.ts";
import { BuildSchema, ClaimSchema } from "../build.ts";
import { checkImage } from "../make-image.ts";
import { WaitingSchema } from "../wait-policy.ts";

/** Looks whether the image has become available in the home region. */
export const handler = lambda({
  input: z.object({ build: BuildSchema, claim: ClaimSchema, imageId: z.string(), wait: WaitingSchema }),
  services: (settings) => ({ images: ec2ImageStore(settings) }),
  run: async ({ build, claim, imageId, wait }, { images }, { clock }) => {
    const { attempt } = wait;
    const look = {
      region: build.homeRegion,
      imageId,
      attempt,
      now: clock.now(),
      deadlineAt: claim.deadlineAt,
    };
    return { imageId, ...(await checkImage(look, images)) };
  },
});
