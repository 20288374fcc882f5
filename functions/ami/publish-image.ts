import { type Build, pointerName } from "./build.ts";
import { ImageFailedError } from "./failures.ts";
import type { ImagePointers, ImageStore } from "./ports.ts";

/**
 * Makes a tested image the current one of its region. Its expiry goes first and the pointer moves last, so that the
 * pointer never names an image that the reaper might take.
 */
export async function publishImage(
  publication: { stage: string; build: Build; region: string; imageId: string },
  ports: { images: ImageStore; pointers: ImagePointers },
): Promise<void> {
  const { stage, build, region, imageId } = publication;
  const image = await ports.images.findById(region, imageId);
  if (image?.state !== "available") {
    throw new ImageFailedError(
      `image ${imageId} in ${region} is not available: ${image?.stateReason ?? "missing"}`,
    );
  }
  await ports.images.keep(region, image);
  const name = pointerName(stage, build.image);
  if ((await ports.pointers.current(region, name)) !== imageId)
    await ports.pointers.move(region, name, imageId);
}
