import type { ImageSpec } from "#fleet";
import type { Build } from "./build.ts";
import { BuildRefusedError } from "./failures.ts";
import type { ImagePointers, ImageStore } from "./ports.ts";

/** The public image that the builder is launched from. */
export interface Source {
  readonly imageId: string;
  readonly name: string;
  readonly rootDeviceName: string;
}

/**
 * FreeBSD's own parameter for a release's builder image. The architecture token is arm64, not aarch64; `RELEASE` is
 * the branch (freebsd-src, release/Makefile.ec2).
 */
export function publicParameter(spec: ImageSpec): string {
  return `/aws/service/freebsd/${spec.arch}/${spec.flavour}/${spec.filesystem}/${spec.release}/RELEASE`;
}

/**
 * Finds the AMI to start from: the one the fleet names, or FreeBSD's newest for the release.
 * @throws BuildRefusedError when there is none, or it does not fit the image.
 */
export async function resolveSource(
  spec: ImageSpec,
  build: Build,
  ports: { pointers: ImagePointers; images: ImageStore },
): Promise<Source> {
  const region = build.homeRegion;
  const imageId = spec.sourceAmi ?? (await ports.pointers.current(region, publicParameter(spec)));
  if (imageId === undefined) {
    throw new BuildRefusedError(
      `FreeBSD publishes no ${spec.flavour} image for ${spec.release} ${spec.arch} ${spec.filesystem} in ${region} ` +
        `(no parameter ${publicParameter(spec)}). Choose a published release, or name an AMI as sourceAmi`,
    );
  }
  const image = await ports.images.findById(region, imageId);
  if (image === undefined || image.state !== "available") {
    throw new BuildRefusedError(`source image ${imageId} is not available in ${region}`);
  }
  if (image.arch !== spec.arch) {
    throw new BuildRefusedError(`source image ${imageId} is ${image.arch}, the fleet asks for ${spec.arch}`);
  }
  if (image.rootSnapshotGib > spec.rootVolumeGib) {
    throw new BuildRefusedError(
      `rootVolumeGib is ${spec.rootVolumeGib}, but ${imageId} needs at least ${image.rootSnapshotGib}`,
    );
  }
  return { imageId, name: image.name, rootDeviceName: image.rootDeviceName };
}
