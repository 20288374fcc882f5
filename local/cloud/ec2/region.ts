import type { Account } from "../account.ts";
import { newId } from "../account.ts";
import { publicImages } from "./freebsd-images.ts";
import type { Image, Instance, Kept, KeyPair, SecurityGroup, Snapshot, Tags, Volume } from "./resources.ts";
import { Shelf } from "./shelf.ts";

/** Everything of EC2 that exists in one region of the account. Regions share nothing. */
export class Region {
  readonly name: string;
  readonly vpcId = newId("vpc");
  readonly zones: readonly { readonly name: string; readonly subnetId: string; readonly cidr: string }[];
  readonly instances: Shelf<Instance>;
  readonly volumes: Shelf<Volume>;
  readonly images: Shelf<Image>;
  readonly snapshots: Shelf<Snapshot>;
  readonly keyPairs: Shelf<KeyPair>;
  readonly securityGroups: Shelf<SecurityGroup>;
  readonly defaultGroupId: string;
  /** FreeBSD's own images, by the SSM parameter that names them. */
  readonly freebsd: ReadonlyMap<string, Image>;
  /** Operation and client token → the request that used it first, and what it made. */
  readonly tokens = new Map<string, { readonly request: string; readonly ids: Promise<readonly string[]> }>();

  constructor(account: Account, name: string) {
    const { clock, lagMilliseconds } = account;
    this.name = name;
    this.zones = ["a", "b", "c"].map((letter, index) => ({
      name: `${name}${letter}`,
      subnetId: newId("subnet"),
      cidr: `172.31.${index * 16}.0/20`,
    }));
    this.instances = new Shelf(clock, lagMilliseconds);
    this.volumes = new Shelf(clock, lagMilliseconds);
    this.images = new Shelf(clock, lagMilliseconds);
    this.snapshots = new Shelf(clock, lagMilliseconds);
    this.keyPairs = new Shelf(clock, lagMilliseconds);
    this.securityGroups = new Shelf(clock, lagMilliseconds);
    this.freebsd = publicImages(name);
    this.defaultGroupId = this.securityGroups.add(defaultGroup(this.vpcId)).id;
  }

  /** The image of that id, own or FreeBSD's. */
  image(id: string): Image | undefined {
    return this.images.get(id) ?? this.freebsdImages().find((image) => image.id === id);
  }

  freebsdImages(): Image[] {
    return [...this.freebsd.values()];
  }

  /** Own resources that can be tagged, with EC2's name of their type. */
  taggable(): { readonly type: string; readonly resource: Kept }[] {
    const of = (type: string, shelf: Shelf<Kept>) => shelf.existing().map((resource) => ({ type, resource }));
    return [
      ...of("instance", this.instances),
      ...of("volume", this.volumes),
      ...of("image", this.images),
      ...of("snapshot", this.snapshots),
      ...of("key-pair", this.keyPairs),
      ...of("security-group", this.securityGroups),
    ];
  }
}

// Every VPC has one that nobody made and nobody can delete. It was there long before the rehearsal began.
function defaultGroup(vpcId: string): SecurityGroup {
  const tags: Tags = {};
  return {
    id: newId("sg"),
    createdAt: new Date(0),
    goneAt: undefined,
    tags,
    name: "default",
    description: "default VPC security group",
    vpcId,
    rules: [],
  };
}
