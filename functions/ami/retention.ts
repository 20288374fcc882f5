/** What retention needs to know of a published image. */
export interface PublishedImage {
  readonly id: string;
  readonly createdAt: Date;
  /** Instances (any state but terminated) were launched from it, or the pointer names it. */
  readonly inUse: boolean;
}

/**
 * The images that may go: all but the `keep` newest, and never one in use. One in use does not count against
 * `keep`'s number twice: it is simply passed over, so that a host on an old image never costs a newer one its place.
 */
export function imagesToRetire(images: readonly PublishedImage[], keep: number): PublishedImage[] {
  const newestFirst = [...images].sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  return newestFirst.slice(keep).filter((image) => !image.inUse);
}
