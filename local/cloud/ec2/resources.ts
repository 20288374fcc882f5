import type { Machine } from "../../builder/contract.ts";

/** Tag key → value. */
export type Tags = Record<string, string>;

/** What all resources have. A resource exists from `createdAt` until `goneAt`. */
export interface Kept {
  readonly id: string;
  readonly createdAt: Date;
  goneAt: Date | undefined;
  tags: Tags;
}

export type Arch = "amd64" | "arm64";

/** An EC2 instance with the machine that it is. */
export interface Instance extends Kept {
  readonly image: Image;
  readonly type: string;
  readonly arch: Arch;
  readonly keyName: string | undefined;
  readonly securityGroupIds: readonly string[];
  readonly subnetId: string;
  readonly zone: string;
  readonly reservationId: string;
  /** Place in the reservation, from 0. */
  readonly launchIndex: number;
  readonly clientToken: string | undefined;
  readonly privateAddress: string;
  readonly shutdownBehavior: string;
  readonly metadataOptions: Readonly<Record<string, string>>;
  readonly disks: readonly AttachedDisk[];
  readonly machine: Machine;
  /** Set once it was told to terminate. */
  terminatedAt: Date | undefined;
}

export interface AttachedDisk {
  readonly deviceName: string;
  readonly volumeId: string;
  readonly deleteOnTermination: boolean;
}

export interface Volume extends Kept {
  readonly sizeGib: number;
  readonly type: string;
  readonly zone: string;
  readonly snapshotId: string | undefined;
  /** MiB/s; undefined when the volume fills lazily. */
  readonly initializationRate: number | undefined;
  /** The instance that it is attached to. */
  instanceId: string | undefined;
}

/** What of FreeBSD is on an image. */
export interface Release {
  readonly release: string;
  readonly arch: Arch;
  readonly flavour: "builder" | "base" | "small" | "cloud-init";
  readonly filesystem: "ufs" | "zfs";
}

/** An AMI, of the account or of FreeBSD. */
export interface Image extends Kept, Release {
  readonly ownerId: string;
  readonly name: string;
  description: string;
  readonly snapshotId: string;
  readonly sizeGib: number;
  /** When it becomes what `outcome` says. */
  readonly readyAt: Date;
  readonly outcome: "available" | "failed";
  readonly sourceInstanceId: string | undefined;
  /** For a copy: where it came from. */
  readonly copiedFrom: { readonly imageId: string; readonly region: string } | undefined;
  imdsSupport: string | undefined;
  /** Folder of the disk's tree, and what was wrong with the disk. FreeBSD's own images have none. */
  readonly tree: { readonly folder: string; readonly problems: string[] } | undefined;
}

export interface Snapshot extends Kept {
  readonly ownerId: string;
  readonly description: string;
  readonly sizeGib: number;
  readonly volumeId: string;
  readonly readyAt: Date;
  readonly outcome: "completed" | "error";
}

export interface KeyPair extends Kept {
  readonly name: string;
  readonly type: "ed25519" | "rsa";
  /** A line of authorized_keys. */
  readonly publicKey: string;
  readonly fingerprint: string;
}

/** One rule of a security group: one protocol, port range and source. */
export interface Rule {
  readonly id: string;
  readonly protocol: string;
  readonly fromPort: number | undefined;
  readonly toPort: number | undefined;
  readonly source: { readonly kind: "ipv4" | "ipv6" | "group"; readonly value: string };
  readonly description: string | undefined;
}

export interface SecurityGroup extends Kept {
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
  rules: Rule[];
}
