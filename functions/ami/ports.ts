import type { Build, Claim } from "./build.ts";
import type { Tags } from "./tags.ts";

/** An AMI, in the words of this domain. */
export interface Image {
  readonly id: string;
  readonly name: string;
  readonly state: "pending" | "available" | "broken";
  /** EC2's own word and reason when broken: "failed: Client.InternalError". */
  readonly stateReason: string;
  readonly createdAt: Date;
  readonly arch: "amd64" | "arm64";
  readonly rootSnapshotGib: number;
  readonly rootDeviceName: string;
  readonly snapshotIds: readonly string[];
  readonly tags: Tags;
}

export interface NewImage {
  readonly name: string;
  readonly description: string;
  readonly tags: Tags;
}

/** AMIs and their snapshots. Every method names the region it acts in. */
export interface ImageStore {
  findById(region: string, id: string): Promise<Image | undefined>;
  /** Among our own images. */
  findByName(region: string, name: string): Promise<Image | undefined>;
  /** Our own images that carry all these tags. */
  listByTags(region: string, tags: Tags): Promise<Image[]>;
  /**
   * Without a reboot, which would destroy a builder. Returns the image's id.
   * @throws NotVisibleYetError when the name is taken by an image that does not show yet: look again later.
   */
  createFromInstance(region: string, instanceId: string, image: NewImage): Promise<string>;
  copy(
    toRegion: string,
    from: { region: string; id: string },
    image: NewImage,
    token: string,
  ): Promise<string>;
  /** New instances of the image get IMDSv2 only. */
  requireImdsV2(region: string, id: string): Promise<void>;
  /** Takes the expiry off the image and its snapshots. Safe to repeat. */
  keep(region: string, image: Image): Promise<void>;
  /** Deregisters the image and deletes its snapshots. Safe when it is gone already. */
  remove(region: string, image: Image): Promise<void>;
  /** Ids of snapshots with these tags, whether or not an image still uses them. */
  listSnapshots(region: string, tags: Tags): Promise<{ id: string; tags: Tags }[]>;
  /** @returns false while an image still uses it, which EC2 may believe for a while after that is gone. */
  removeSnapshot(region: string, id: string): Promise<boolean>;
  countInstancesOf(region: string, imageId: string): Promise<number>;
}

/** A builder instance. */
export interface Builder {
  readonly id: string;
  readonly state: "pending" | "running" | "stopping" | "gone";
  readonly address: string | undefined;
  readonly stateReason: string;
  readonly tags: Tags;
}

export interface NewBuilder {
  readonly imageId: string;
  readonly rootDeviceName: string;
  readonly rootVolumeGib: number;
  readonly instanceType: string;
  readonly keyName: string;
  readonly securityGroupId: string;
  readonly tags: Tags;
  readonly token: string;
}

/** Instances that build images. */
export interface BuilderPool {
  listByTags(tags: Tags): Promise<Builder[]>;
  find(id: string): Promise<Builder | undefined>;
  /** @throws NoCapacityError, BuildRefusedError (quota) */
  launch(builder: NewBuilder): Promise<Builder>;
  consoleOutput(id: string): Promise<string>;
  terminate(id: string): Promise<void>;
  /** Volumes that no instance uses any more. */
  listIdleVolumes(tags: Tags): Promise<{ id: string; tags: Tags }[]>;
  removeVolume(id: string): Promise<void>;
}

/** The way in to a builder: a key pair of its own and a door that is open while the build runs. */
export interface Access {
  /** Makes the key pair and keeps its private half, unless that is done already. */
  ensureKeyPair(name: string, keyParameter: string, tags: Tags): Promise<void>;
  /** A security group that lets SSH in; returns its id. */
  ensureDoor(name: string, tags: Tags): Promise<string>;
  listDoors(tags: Tags): Promise<{ id: string; tags: Tags }[]>;
  /** @returns false while an instance still uses it. */
  removeDoor(id: string): Promise<boolean>;
  listKeyPairs(tags: Tags): Promise<{ name: string; tags: Tags }[]>;
  removeKeyPair(name: string): Promise<void>;
  listKeyParameters(stage: string): Promise<{ name: string; tags: Tags }[]>;
  removeKeyParameter(name: string): Promise<void>;
}

/** The SSM parameters that say which image is current. */
export interface ImagePointers {
  current(region: string, name: string): Promise<string | undefined>;
  move(region: string, name: string, imageId: string): Promise<void>;
}

/** Secrets by parameter name. */
export interface Secrets {
  /** @throws BuildRefusedError naming every parameter that does not exist. */
  read(names: readonly string[]): Promise<Map<string, string>>;
}

/** The account's limits and choices, read before money is spent. */
export interface Account {
  enabledRegions(): Promise<string[]>;
  /** vCPUs of standard instances: allowed, and running now without those of one build's own builder. */
  standardVcpus(apartFromBuild: string): Promise<{ allowed: number; running: number }>;
  /** vCPUs and memory of an instance type; undefined if the region does not offer it. */
  instanceType(
    name: string,
  ): Promise<{ vcpus: number; memoryGib: number; arch: "amd64" | "arm64" } | undefined>;
}

/** Answer of a command on the builder. */
export interface ShellResult {
  readonly exitStatus: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to reach one builder. The door behind it may change (port 22 today, a tunnel later). */
export interface BuilderAddress {
  readonly host: string;
  /** OpenSSH SHA256 fingerprints that the console showed; any other key is refused. */
  readonly hostKeys: readonly string[];
  readonly privateKey: string;
}

/** A root shell on the builder. */
export interface BuilderShell {
  /**
   * Runs a script with /bin/sh as root; it travels on standard input, so it may hold secrets.
   * @throws HostKeyMismatchError, BuilderUnreachableError
   */
  run(address: BuilderAddress, script: string, timeoutSeconds: number): Promise<ShellResult>;
}

/** A package as installed on an image. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
}

/** What is known of a build that was inspected. */
export interface BuildRecord {
  readonly id: string;
  readonly image: string;
  readonly release: string;
  readonly recipeHash: string;
  readonly packages: readonly InstalledPackage[];
  /** The builder on which the packages were found. */
  readonly inspectedInstanceId: string;
  /** Region → image id; empty until published. */
  readonly images: Readonly<Record<string, string>>;
  readonly publishedAt: string | undefined;
}

/** The book of builds: one claim per image, one record per build. Every write is one conditional write. */
export interface BuildBook {
  /**
   * Takes or renews the claim on `build.image`.
   * @throws BuildAlreadyRunningError when a live claim belongs to another execution.
   */
  claim(build: Build, now: Date, deadlineMinutes: number): Promise<Claim>;
  /** Gives the claim back, if this execution holds it. */
  release(build: Build): Promise<void>;
  recordInspection(build: Build, instanceId: string, packages: readonly InstalledPackage[]): Promise<void>;
  recordPublished(build: Build, images: Readonly<Record<string, string>>, at: Date): Promise<void>;
  find(image: string, id: string): Promise<BuildRecord | undefined>;
  /** The newest published build of the image before this one. */
  findPrevious(image: string, id: string): Promise<BuildRecord | undefined>;
}

/** Executions of state machines, asked by the reaper before it removes anything. */
export interface Executions {
  isRunning(executionArn: string): Promise<boolean>;
}
