import type { Account } from "../account.ts";
import { AwsError } from "../aws-error.ts";
import { type Params, structures, text, texts, type Xml } from "../query-protocol.ts";
import * as images from "./images.ts";
import { INSTANCE_TYPES } from "./instance-types.ts";
import * as instances from "./instances.ts";
import * as keyPairs from "./key-pairs.ts";
import { Region } from "./region.ts";
import * as groups from "./security-groups.ts";
import * as volumes from "./volumes.ts";

type Operation = (account: Account, region: Region, params: Params) => Xml | Promise<Xml>;

/** EC2 of the rehearsed account. */
export class Ec2 {
  readonly #account: Account;
  readonly #regions = new Map<string, Region>();

  constructor(account: Account) {
    this.#account = account;
  }

  /** Everything that exists, region by region. */
  regions(): Region[] {
    return [...this.#regions.values()];
  }

  region(name: string): Region {
    if (!this.#account.regions.includes(name)) {
      throw new AwsError("AuthFailure", "AWS was not able to validate the provided access credentials", 401);
    }
    const known = this.#regions.get(name) ?? new Region(name);
    this.#regions.set(name, known);
    return known;
  }

  async call(regionName: string, operation: string, params: Params): Promise<Xml> {
    const region = this.region(regionName);
    if (operation === "CopyImage") {
      return images.copyImage(this.#account, region, params, (name) => this.region(name));
    }
    const run = OPERATIONS[operation];
    if (run === undefined) {
      throw new AwsError("InvalidAction", `The action ${operation} is not valid for this web service.`);
    }
    return run(this.#account, region, params);
  }
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  DescribeRegions: (account) => ({
    regionInfo: account.regions.map((regionName) => ({
      regionName,
      regionEndpoint: `ec2.${regionName}.amazonaws.com`,
      optInStatus: "opt-in-not-required",
    })),
  }),
  DescribeAvailabilityZones: (_, region) => ({
    availabilityZoneInfo: ["a", "b"].map((letter) => ({
      zoneName: `${region.name}${letter}`,
      zoneState: "available",
      regionName: region.name,
    })),
  }),
  DescribeVpcs: (account, region) => ({
    vpcSet: [
      { vpcId: groups.vpcId(region), ownerId: account.accountId, state: "available", isDefault: true },
    ],
  }),
  DescribeInstanceTypes: describeInstanceTypes,
  RunInstances: instances.runInstances,
  DescribeInstances: instances.describeInstances,
  DescribeInstanceStatus: instances.describeInstanceStatus,
  TerminateInstances: instances.terminateInstances,
  GetConsoleOutput: instances.getConsoleOutput,
  CreateImage: images.createImage,
  DescribeImages: images.describeImages,
  ModifyImageAttribute: images.modifyImageAttribute,
  DescribeImageAttribute: images.describeImageAttribute,
  DeregisterImage: images.deregisterImage,
  CreateKeyPair: keyPairs.createKeyPair,
  ImportKeyPair: keyPairs.importKeyPair,
  DescribeKeyPairs: keyPairs.describeKeyPairs,
  DeleteKeyPair: keyPairs.deleteKeyPair,
  CreateSecurityGroup: groups.createSecurityGroup,
  AuthorizeSecurityGroupIngress: groups.authorizeIngress,
  RevokeSecurityGroupIngress: groups.revokeIngress,
  DescribeSecurityGroups: groups.describeSecurityGroups,
  DeleteSecurityGroup: groups.deleteSecurityGroup,
  DescribeVolumes: volumes.describeVolumes,
  DeleteVolume: volumes.deleteVolume,
  DescribeSnapshots: volumes.describeSnapshots,
  DeleteSnapshot: volumes.deleteSnapshot,
  CreateTags: (_, region, params) =>
    changeTags(region, params, (tags, key, value) => {
      tags[key] = value ?? "";
    }),
  DeleteTags: (_, region, params) =>
    changeTags(region, params, (tags, key, value) => {
      // With a value only a tag of that value goes; an empty string is a value, an absent one is not.
      if (value === undefined || tags[key] === value) delete tags[key];
    }),
};

/** Names of the operations that this EC2 carries out, for fault injection. */
export const EC2_OPERATIONS: readonly string[] = [...Object.keys(OPERATIONS), "CopyImage"];

function describeInstanceTypes(_account: Account, _region: Region, params: Params) {
  const names = texts(params, "InstanceType");
  const unknown = names.filter((name) => INSTANCE_TYPES[name] === undefined);
  if (unknown.length > 0) {
    throw new AwsError(
      "InvalidInstanceType",
      `The following supplied instance types do not exist: [${unknown}]`,
    );
  }
  const wanted = names.length > 0 ? names : Object.keys(INSTANCE_TYPES);
  return {
    instanceTypeSet: wanted.map((name) => {
      const type = INSTANCE_TYPES[name];
      return {
        instanceType: name,
        hypervisor: "nitro",
        vCpuInfo: { defaultVCpus: type?.vcpus },
        memoryInfo: { sizeInMiB: (type?.memoryGib ?? 0) * 1024 },
        processorInfo: { supportedArchitectures: [type?.arch === "arm64" ? "arm64" : "x86_64"] },
      };
    }),
  };
}

function changeTags(
  region: Region,
  params: Params,
  change: (tags: Record<string, string>, key: string, value: string | undefined) => void,
) {
  for (const id of texts(params, "ResourceId")) {
    const tags = region.tagsOf(id);
    if (tags === undefined) throw new AwsError("InvalidID", `The ID '${id}' is not valid`);
    for (const tag of structures(params, "Tag")) change(tags, text(tag, "Key") ?? "", text(tag, "Value"));
  }
  return { return: true };
}
