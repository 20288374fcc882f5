import { createHash } from "node:crypto";
import type { Image } from "./region.ts";

/** The account that publishes FreeBSD's images. */
export const FREEBSD_OWNER = "782442783595";

const RELEASES = ["14.3", "14.4", "15.0", "15.1"];
const ARCHES = ["amd64", "arm64"] as const;
const FLAVOURS = ["base", "builder", "small", "cloud-init"] as const;
const FILESYSTEMS = ["ufs", "zfs"] as const;

/** FreeBSD's public images of a region, by the SSM parameter that names them. Ids follow from the name. */
export function freebsdImages(region: string): Map<string, Image> {
  const images = new Map<string, Image>();
  for (const release of RELEASES) {
    for (const arch of ARCHES) {
      for (const flavour of FLAVOURS) {
        for (const filesystem of FILESYSTEMS) {
          const parameter = `/aws/service/freebsd/${arch}/${flavour}/${filesystem}/${release}/RELEASE`;
          images.set(parameter, publicImage(region, { release, arch, flavour, filesystem }));
        }
      }
    }
  }
  return images;
}

type Kind = Pick<Image, "release" | "arch" | "flavour" | "filesystem">;

function publicImage(region: string, kind: Kind): Image {
  const { release, arch, flavour, filesystem } = kind;
  const flavourName = flavour === "base" ? "" : ` ${flavour}`;
  const name = `FreeBSD ${release}-RELEASE-${arch}${flavourName} ${filesystem.toUpperCase()}`;
  const digits = createHash("sha256").update(`${region} ${name}`).digest("hex").slice(0, 17);
  return {
    ...kind,
    id: `ami-${digits}`,
    createdAt: new Date("2026-06-02T00:00:00Z"),
    ownerId: FREEBSD_OWNER,
    name,
    description: `FreeBSD/${arch} ${release}-RELEASE`,
    snapshotId: `snap-${digits}`,
    sizeGib: 8,
    tags: {},
    readyAt: new Date("2026-06-02T00:00:00Z"),
    outcome: "available",
    imdsSupport: undefined,
    tree: undefined,
  };
}
