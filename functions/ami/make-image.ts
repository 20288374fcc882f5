import { type Build, type Claim, clientToken } from "./build.ts";
import { ImageFailedError } from "./failures.ts";
import type { ImageStore, NewImage } from "./ports.ts";
import { temporaryTags } from "./tags.ts";
import { WAITS, type Waiting, type WaitPolicy, waitAgain } from "./wait-policy.ts";

interface Making {
  readonly stage: string;
  readonly build: Build;
  readonly claim: Claim;
}

/** How often a copy that ends in failure is begun again, per region. */
export const COPY_ATTEMPTS = 3;

/** Makes the image of the builder's disk, or finds the one that an earlier run made. Returns its id. */
export async function createImage(making: Making, instanceId: string, images: ImageStore): Promise<string> {
  const { build } = making;
  const existing = await images.findByName(build.homeRegion, build.imageName);
  if (existing !== undefined && existing.state !== "broken") return existing.id;
  if (existing !== undefined) await images.remove(build.homeRegion, existing);
  return images.createFromInstance(build.homeRegion, instanceId, newImage(making));
}

/**
 * Copies the image to a region, or finds the copy that an earlier run began. A copy that ended in failure is
 * removed first; `attempt` (1, 2, ...) then makes the client token a new one.
 */
export async function copyImage(
  making: Making,
  copy: { imageId: string; region: string; attempt: number },
  images: ImageStore,
): Promise<string> {
  const { build, claim } = making;
  const existing = await images.findByName(copy.region, build.imageName);
  if (existing !== undefined && existing.state !== "broken") return existing.id;
  if (existing !== undefined) await images.remove(copy.region, existing);
  const source = { region: build.homeRegion, id: copy.imageId };
  const token = clientToken(build, claim, "copy", copy.imageId, copy.region, copy.attempt);
  return images.copy(copy.region, source, newImage(making), token);
}

export type ImageProgress =
  | { readonly available: true }
  | { readonly available: false; readonly wait: Waiting }
  | { readonly available: false; readonly failed: string };

/**
 * Looks whether an image has become available. Failed, error and invalid come back as `failed`, since a copy may be
 * begun again. @throws WaitedTooLongError
 */
export async function lookAtImage(
  look: {
    region: string;
    imageId: string;
    attempt: number;
    now: Date;
    deadlineAt: string;
    policy: WaitPolicy;
  },
  images: ImageStore,
): Promise<ImageProgress> {
  const image = await images.findById(look.region, look.imageId);
  if (image?.state === "available") return { available: true };
  // DescribeImages lags behind CreateImage and CopyImage: on the first looks, "not found" is not a verdict.
  const missing = image === undefined && look.attempt > 2;
  if (missing) return { available: false, failed: `image ${look.imageId} does not exist in ${look.region}` };
  if (image?.state === "broken") {
    return { available: false, failed: `image ${look.imageId} in ${look.region}: ${image.stateReason}` };
  }
  return { available: false, wait: waitAgain(look.policy, look.attempt, look.now, look.deadlineAt) };
}

/** A look at the image in the home region, where failure is final. @throws ImageFailedError, WaitedTooLongError */
export async function checkImage(
  look: { region: string; imageId: string; attempt: number; now: Date; deadlineAt: string },
  images: ImageStore,
) {
  const progress = await lookAtImage({ ...look, policy: WAITS.image }, images);
  if ("failed" in progress) throw new ImageFailedError(progress.failed);
  return progress;
}

function newImage({ stage, build, claim }: Making): NewImage {
  return {
    name: build.imageName,
    description: `FreeBSD ${build.release} ${build.arch}, image ${build.image}, recipe ${build.recipeHash.slice(0, 8)}`,
    tags: temporaryTags(stage, build, claim),
  };
}
