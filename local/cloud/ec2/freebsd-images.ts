import { createHash } from "node:crypto";
import type { Image, Release } from "./resources.ts";

/** The account that publishes FreeBSD's images. */
export const FREEBSD_OWNER = "782442783595";

const RELEASES: readonly { readonly release: string; readonly published: string }[] = [
  { release: "14.3", published: "2025-06-06T01:14:09Z" },
  { release: "14.4", published: "2026-03-06T02:03:51Z" },
  { release: "15.0", published: "2025-11-28T01:32:44Z" },
  { release: "15.1", published: "2026-06-12T02:21:30Z" },
];
const ARCHES = ["amd64", "arm64"] as const;
const FLAVOURS = ["base", "builder", "small", "cloud-init"] as const;
const FILESYSTEMS = ["ufs", "zfs"] as const;

/**
 * FreeBSD's public images in a region, by the public SSM parameter that names them
 * (release announcements: `/aws/service/freebsd/ARCH/FLAVOUR/FS/VERSION/RELEASE`). Ids follow from the name, so they
 * are the same in every rehearsal.
 */
export function publicImages(region: string): ReadonlyMap<string, Image> {
  const images = new Map<string, Image>();
  for (const { release, published } of RELEASES) {
    for (const arch of ARCHES) {
      for (const flavour of FLAVOURS) {
        for (const filesystem of FILESYSTEMS) {
          const parameter = `/aws/service/freebsd/${arch}/${flavour}/${filesystem}/${release}/RELEASE`;
          images.set(
            parameter,
            publicImage(region, { release, arch, flavour, filesystem }, new Date(published)),
          );
        }
      }
    }
  }
  return images;
}

function publicImage(region: string, kind: Release, createdAt: Date): Image {
  const { release, arch, flavour, filesystem } = kind;
  const name = `FreeBSD ${release}-RELEASE-${arch} ${flavour} ${filesystem.toUpperCase()}`;
  const digits = createHash("sha256").update(`${region} ${name}`).digest("hex").slice(0, 16);
  return {
    ...kind,
    id: `ami-0${digits}`,
    createdAt,
    goneAt: undefined,
    tags: {},
    ownerId: FREEBSD_OWNER,
    name,
    description: `FreeBSD/${arch} ${release}-RELEASE ${flavour}`,
    snapshotId: `snap-0${digits}`,
    // Images up to 10 GiB are registered with a 10 GiB volume (bsdec2-image-upload); the builder's file system has
    // 8000 MB (release/tools/ec2-builder.conf) and so fits a volume of 8 GiB.
    sizeGib: flavour === "builder" ? 8 : 10,
    readyAt: createdAt,
    outcome: "available",
    sourceInstanceId: undefined,
    copiedFrom: undefined,
    imdsSupport: undefined,
    tree: undefined,
  };
}
