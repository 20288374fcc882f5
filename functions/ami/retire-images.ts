import { type Build, pointerName } from "./build.ts";
import type { ImagePointers, ImageStore } from "./ports.ts";
import { imagesToRetire, type PublishedImage } from "./retention.ts";
import { TAG } from "./tags.ts";

/**
 * Removes published images beyond the `keep` newest of a region, never one in use. Unpublished ones still carry an
 * expiry and are clean-up's business. Returns the ids that went.
 */
export async function retireImages(
  request: { stage: string; build: Build; region: string; keep: number },
  ports: { images: ImageStore; pointers: ImagePointers },
): Promise<string[]> {
  const { stage, build, region, keep } = request;
  const own = await ports.images.listByTags(region, { [TAG.stage]: stage, [TAG.image]: build.image });
  const published = own.filter(
    ({ tags }) => tags[TAG.expiresAt] === undefined && tags[TAG.build] !== undefined,
  );
  if (published.length <= keep) return [];

  const current = await ports.pointers.current(region, pointerName(stage, build.image));
  const known: PublishedImage[] = [];
  for (const image of published) {
    const inUse = image.id === current || (await ports.images.countInstancesOf(region, image.id)) > 0;
    known.push({ id: image.id, createdAt: image.createdAt, inUse });
  }
  const going = new Set(imagesToRetire(known, keep).map(({ id }) => id));
  for (const image of published) if (going.has(image.id)) await ports.images.remove(region, image);
  return [...going];
}
