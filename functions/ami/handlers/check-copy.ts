import { lambda, z } from "#platform";
import { ec2ImageStore } from "../adapters/ec2-image-store.ts";
import { ClaimSchema } from "../build.ts";
import { ImageFailedError } from "../failures.ts";
import { COPY_ATTEMPTS, lookAtImage } from "../make-image.ts";
import { WAITS, WaitingSchema } from "../wait-policy.ts";

const Copy = z.object({ imageId: z.string(), attempt: z.number().int().min(1), wait: WaitingSchema });

/** Looks whether a copy has become available; one that failed is begun again, a bounded number of times. */
export const handler = lambda({
  input: z.object({ claim: ClaimSchema, region: z.string(), copy: Copy }),
  services: (settings) => ({ images: ec2ImageStore(settings) }),
  run: async ({ claim, region, copy }, { images }, { clock, log }) => {
    const { imageId, attempt } = copy;
    const { deadlineAt } = claim;
    const look = {
      region,
      imageId,
      attempt: copy.wait.attempt,
      now: clock.now(),
      deadlineAt,
      policy: WAITS.copy,
    };
    const progress = await lookAtImage(look, images);
    if ("wait" in progress) return { imageId, attempt, state: "pending", wait: progress.wait };
    if (progress.available) return { imageId, attempt, state: "available" };
    if (attempt >= COPY_ATTEMPTS) throw new ImageFailedError(`${progress.failed} (${attempt} attempts)`);
    log.error(`copy failed, beginning again: ${progress.failed}`, { region, attempt });
    return { imageId, attempt: attempt + 1, state: "failed" };
  },
});
