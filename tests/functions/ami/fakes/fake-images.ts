import type { Image, ImageStore, NewImage } from "../../../../functions/ami/ports.ts";
import { TAG, type Tags } from "../../../../functions/ami/tags.ts";
import { NOW } from "./sample-build.ts";

interface Snapshot {
  readonly id: string;
  tags: Tags;
}

interface Region {
  readonly images: Map<string, Image>;
  readonly snapshots: Map<string, Snapshot>;
}

/** Images in memory, with the means to set the scene and to see what came of it. */
export interface FakeImages extends ImageStore {
  /** Puts an image there, with a snapshot that has the same tags. */
  put(region: string, image: Partial<Image> & { readonly id: string }): Image;
  putSnapshot(region: string, id: string, tags: Tags): void;
  /** Ids of everything that exists in a region: images, then snapshots. */
  existing(region: string): string[];
  tagsOf(region: string, id: string): Tags | undefined;
  /** Instances that were launched from an image. */
  readonly instancesOf: Map<string, number>;
  readonly imdsV2Only: Set<string>;
  /** Snapshots of which EC2 says that an image uses them: they cannot go yet. */
  readonly snapshotsInUse: Set<string>;
}

/** Images as EC2 keeps them: names unique per region, tokens remembered, snapshots of their own. */
export function fakeImages(history: string[] = []): FakeImages {
  const regions = new Map<string, Region>();
  const tokens = new Map<string, string>();
  const instancesOf = new Map<string, number>();
  const imdsV2Only = new Set<string>();
  const snapshotsInUse = new Set<string>();
  let made = 0;

  const at = (name: string): Region => {
    const region = regions.get(name) ?? { images: new Map(), snapshots: new Map() };
    regions.set(name, region);
    return region;
  };

  const put: FakeImages["put"] = (region, image) => {
    const whole: Image = { ...BLANK, snapshotIds: [`snap-of-${image.id}`], ...image };
    at(region).images.set(whole.id, whole);
    for (const id of whole.snapshotIds) at(region).snapshots.set(id, { id, tags: whole.tags });
    return whole;
  };

  const make = (region: string, image: NewImage): string => {
    if ([...at(region).images.values()].some(({ name }) => name === image.name)) {
      throw new Error(`InvalidAMIName.Duplicate: ${image.name}`);
    }
    made += 1;
    history.push(`make ${image.name} in ${region}`);
    return put(region, { id: `ami-made${made}`, name: image.name, state: "pending", tags: image.tags }).id;
  };

  return {
    put,
    putSnapshot: (region, id, tags) => at(region).snapshots.set(id, { id, tags }),
    existing: (region) => [...at(region).images.keys(), ...at(region).snapshots.keys()],
    tagsOf: (region, id) => (at(region).images.get(id) ?? at(region).snapshots.get(id))?.tags,
    instancesOf,
    imdsV2Only,
    snapshotsInUse,
    findById: async (region, id) => at(region).images.get(id),
    findByName: async (region, name) => [...at(region).images.values()].find((one) => one.name === name),
    listByTags: async (region, tags) =>
      [...at(region).images.values()].filter((one) => carries(one.tags, tags)),
    createFromInstance: async (region, _instanceId, image) => make(region, image),
    copy: async (toRegion, from, image, token) => {
      const known = tokens.get(token);
      if (known !== undefined) return known; // dead or alive, as EC2 does
      if (!at(from.region).images.has(from.id)) throw new Error(`InvalidAMIID.NotFound: ${from.id}`);
      const id = make(toRegion, image);
      tokens.set(token, id);
      return id;
    },
    requireImdsV2: async (_region, id) => {
      imdsV2Only.add(id);
    },
    keep: async (region, image) => {
      history.push(`keep ${image.id}`);
      const kept = at(region).images.get(image.id);
      if (kept !== undefined) at(region).images.set(image.id, { ...kept, tags: withoutExpiry(kept.tags) });
      for (const id of image.snapshotIds) {
        const snapshot = at(region).snapshots.get(id);
        if (snapshot !== undefined) snapshot.tags = withoutExpiry(snapshot.tags);
      }
    },
    remove: async (region, image) => {
      history.push(`remove ${image.id}`);
      at(region).images.delete(image.id);
      for (const id of image.snapshotIds) at(region).snapshots.delete(id);
    },
    listSnapshots: async (region, tags) =>
      [...at(region).snapshots.values()].filter((one) => carries(one.tags, tags)),
    removeSnapshot: async (region, id) => {
      if (snapshotsInUse.has(id)) return false;
      at(region).snapshots.delete(id);
      return true;
    },
    countInstancesOf: async (_region, imageId) => instancesOf.get(imageId) ?? 0,
  };
}

/** Whether a resource carries all the tags of a filter, as EC2's describes select. */
export function carries(tags: Tags, filter: Tags): boolean {
  return Object.entries(filter).every(([key, value]) => tags[key] === value);
}

const BLANK: Image = {
  id: "",
  name: "",
  state: "available",
  stateReason: "available",
  createdAt: NOW,
  arch: "amd64",
  rootSnapshotGib: 8,
  rootDeviceName: "/dev/sda1",
  snapshotIds: [],
  tags: {},
};

function withoutExpiry(tags: Tags): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => key !== TAG.expiresAt));
}
