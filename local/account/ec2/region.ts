import type { Machine } from "../../builder/contract.ts";
import type { Tags } from "./tags.ts";

export interface Instance {
  readonly id: string;
  readonly createdAt: Date;
  readonly imageId: string;
  readonly type: string;
  readonly arch: "amd64" | "arm64";
  readonly keyName: string | undefined;
  readonly securityGroupIds: readonly string[];
  readonly volumeId: string;
  readonly clientToken: string | undefined;
  readonly tags: Tags;
  machine: Machine | undefined;
  /** Set once it was told to terminate. */
  terminatedAt: Date | undefined;
  terminationReason: string;
}

export interface Volume {
  readonly id: string;
  readonly createdAt: Date;
  readonly sizeGib: number;
  readonly tags: Tags;
  instanceId: string | undefined;
}

export interface Image {
  readonly id: string;
  readonly createdAt: Date;
  readonly ownerId: string;
  readonly name: string;
  readonly description: string;
  readonly arch: "amd64" | "arm64";
  readonly release: string;
  readonly flavour: "builder" | "base" | "small" | "cloud-init";
  readonly filesystem: "ufs" | "zfs";
  readonly snapshotId: string;
  readonly sizeGib: number;
  readonly tags: Tags;
  /** When it becomes what `outcome` says. */
  readonly readyAt: Date;
  readonly outcome: "available" | "failed";
  imdsSupport: string | undefined;
  /** Folder of the disk's tree, and what was wrong with the disk. FreeBSD's own images have none. */
  readonly tree: { readonly folder: string; readonly problems: string[] } | undefined;
}

export interface Snapshot {
  readonly id: string;
  readonly createdAt: Date;
  readonly sizeGib: number;
  readonly readyAt: Date;
  readonly tags: Tags;
}

export interface KeyPair {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly publicKey: string;
  readonly fingerprint: string;
  readonly tags: Tags;
}

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly createdAt: Date;
  readonly tags: Tags;
  readonly openings: {
    protocol: string;
    fromPort: string;
    toPort: string;
    cidr: string;
    description: string;
  }[];
}

/** Everything of EC2 that exists in one region of the account. Regions share nothing. */
export class Region {
  readonly name: string;
  readonly instances = new Map<string, Instance>();
  readonly volumes = new Map<string, Volume>();
  readonly images = new Map<string, Image>();
  readonly snapshots = new Map<string, Snapshot>();
  readonly keyPairs = new Map<string, KeyPair>();
  readonly securityGroups = new Map<string, SecurityGroup>();
  /** Client token → the request that used it first, and what it made. */
  readonly tokens = new Map<string, { request: string; id: string }>();
  /** What is gone but has cost something. */
  readonly past: { volumes: (Volume & { goneAt: Date })[]; snapshots: (Snapshot & { goneAt: Date })[] } = {
    volumes: [],
    snapshots: [],
  };

  constructor(name: string) {
    this.name = name;
  }

  /** Tags of whatever has this id. */
  tagsOf(id: string): Tags | undefined {
    const families = [this.instances, this.volumes, this.images, this.snapshots, this.securityGroups];
    for (const family of families) {
      const found = family.get(id);
      if (found !== undefined) return found.tags;
    }
    return [...this.keyPairs.values()].find((pair) => pair.id === id)?.tags;
  }
}
