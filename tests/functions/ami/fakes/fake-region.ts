import type { Tags } from "../../../../functions/ami/tags.ts";
import { fakeAccess } from "./fake-access.ts";
import { fakeImages } from "./fake-images.ts";
import { fakePool } from "./fake-pool.ts";

/** One region's images, builders and ways in, with a history that they share. */
export function fakeRegion(region: string) {
  const history: string[] = [];
  const images = fakeImages(history);
  const pool = fakePool(history);
  const access = fakeAccess(history);
  return {
    history,
    images,
    pool,
    access,
    /** Puts one of everything there that a build can leave behind, called by `mark` and with these tags. */
    litter: (mark: string, tags: Tags, stage = "test") => {
      pool.put({ id: `i-${mark}`, tags });
      pool.putVolume(`vol-${mark}`, tags);
      images.put(region, { id: `ami-${mark}`, name: `name-${mark}`, tags });
      images.putSnapshot(region, `snap-${mark}`, tags);
      access.putDoor(`sg-${mark}`, tags);
      access.putKeyPair(`key-${mark}`, tags);
      access.putKeyParameter(`/nightshift/${stage}/builds/${mark}/ssh-key`, tags);
    },
    /** Everything that exists and costs money, sorted. */
    existing: () => [...pool.existing(), ...images.existing(region), ...access.existing()].sort(),
  };
}

/** What `litter` put there. */
export function litterOf(mark: string, stage = "test"): string[] {
  const ids = [
    `i-${mark}`,
    `vol-${mark}`,
    `ami-${mark}`,
    `snap-of-ami-${mark}`,
    `snap-${mark}`,
    `sg-${mark}`,
  ];
  return [...ids, `key-${mark}`, `/nightshift/${stage}/builds/${mark}/ssh-key`].sort();
}
