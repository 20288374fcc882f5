import { lambda, z } from "#platform";
import { ec2ImageStore } from "../adapters/ec2-image-store.ts";
import { BuildSchema, ClaimSchema } from "../build.ts";
import { copyImage } from "../make-image.ts";
import { WAITS } from "../wait-policy.ts";

/** Begins to copy the image to one region. */
export const handler = lambda({
  input: z.object({
    build: BuildSchema,
    claim: ClaimSchema,
    imageId: z.string(),
    region: z.string(),
    /** 1 for the first copy; more after a copy that ended in failure. */
    attempt: z.number().int().min(1),
  }),
  services: (settings) => ({ images: ec2ImageStore(settings) }),
  run: async ({ build, claim, imageId, region, attempt }, { images }, { settings }) => {
    const copyId = await copyImage(
      { stage: settings.stage, build, claim },
      { imageId, region, attempt },
      images,
    );
    const wait = { attempt: 0, seconds: WAITS.copy.intervalSeconds };
    return { imageId: copyId, attempt, state: "pending", wait };
  },
});
