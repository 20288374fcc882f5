import { AwsError, invalidValue } from "../aws-error.ts";
import { isTrue, type Params, texts } from "../form.ts";
import type { Ec2 } from "./ec2.ts";
import { applyFilters, page } from "./filters.ts";
import { ec2Architecture, INSTANCE_TYPES } from "./instance-types.ts";
import type { Region } from "./region.ts";
import type { Tags } from "./resources.ts";

/** Regions that exist and that an account must opt in to; shown with AllRegions. */
const OPT_IN_REGIONS = ["af-south-1", "ap-east-1", "eu-south-1", "me-south-1"];

// What the account did not make has no tags, and was there before it.
const GIVEN: { readonly tags: Tags; readonly createdAt: Date; goneAt: Date | undefined } = {
  tags: {},
  createdAt: new Date(0),
  goneAt: undefined,
};

/** DescribeRegions: the enabled ones, unless AllRegions is set. */
export function describeRegions({ account }: Ec2, _region: Region, params: Params) {
  const asked = texts(params, "RegionName");
  const enabled = account.regions.map((id) => ({ ...GIVEN, id, status: "opt-in-not-required" }));
  const others = OPT_IN_REGIONS.filter((id) => !account.regions.includes(id)).map((id) => ({
    ...GIVEN,
    id,
    status: "not-opted-in",
  }));
  const listed = isTrue(params, "AllRegions") ? [...enabled, ...others] : enabled;
  const unknown = asked.filter((name) => !listed.some(({ id }) => id === name));
  if (unknown.length > 0) throw invalidValue(`Invalid region name: ${unknown.join(", ")}`);
  const selected = listed.filter(({ id }) => asked.length === 0 || asked.includes(id));
  const found = applyFilters(params, selected, ({ id, status }) => ({
    "region-name": [id],
    endpoint: [`ec2.${id}.amazonaws.com`],
    "opt-in-status": [status],
  }));
  return {
    regionInfo: found.map(({ id, status }) => ({
      regionName: id,
      regionEndpoint: `ec2.${id}.amazonaws.com`,
      optInStatus: status,
    })),
  };
}

export function describeAvailabilityZones(_ec2: Ec2, region: Region, params: Params) {
  const zones = region.zones.map((zone) => ({ ...GIVEN, id: zone.name }));
  const found = applyFilters(params, zones, ({ id }) => ({ "zone-name": [id], state: ["available"] }));
  return {
    availabilityZoneInfo: found.map(({ id }) => ({
      zoneName: id,
      zoneState: "available",
      regionName: region.name,
      zoneType: "availability-zone",
      optInStatus: "opt-in-not-required",
    })),
  };
}

/** DescribeVpcs: every region has its default VPC, and no other. */
export function describeVpcs({ account }: Ec2, region: Region, params: Params) {
  const vpc = { ...GIVEN, id: region.vpcId };
  const found = applyFilters(params, [vpc], ({ id }) => ({
    "vpc-id": [id],
    "is-default": ["true"],
    isDefault: ["true"],
    state: ["available"],
  }));
  return {
    vpcSet: found.map(({ id }) => ({
      vpcId: id,
      ownerId: account.accountId,
      state: "available",
      cidrBlock: "172.31.0.0/16",
      isDefault: true,
    })),
  };
}

export function describeSubnets({ account }: Ec2, region: Region, params: Params) {
  const subnets = region.zones.map((zone) => ({ ...GIVEN, ...zone, id: zone.subnetId }));
  const found = applyFilters(params, subnets, ({ id, name }) => ({
    "subnet-id": [id],
    "vpc-id": [region.vpcId],
    "availability-zone": [name],
    "default-for-az": ["true"],
    state: ["available"],
  }));
  return {
    subnetSet: found.map(({ id, name, cidr }) => ({
      subnetId: id,
      vpcId: region.vpcId,
      ownerId: account.accountId,
      availabilityZone: name,
      cidrBlock: cidr,
      defaultForAz: true,
      mapPublicIpOnLaunch: true,
      state: "available",
    })),
  };
}

export function describeInstanceTypes(_ec2: Ec2, _region: Region, params: Params) {
  const asked = texts(params, "InstanceType");
  const unknown = asked.filter((name) => !INSTANCE_TYPES.has(name));
  if (unknown.length > 0) {
    throw new AwsError(
      "InvalidInstanceType",
      `The following supplied instance types do not exist: [${unknown.join(", ")}]`,
    );
  }
  const offered = [...INSTANCE_TYPES].map(([id, type]) => ({ ...GIVEN, ...type, id }));
  const selected = offered.filter(({ id }) => asked.length === 0 || asked.includes(id));
  const found = applyFilters(params, selected, ({ id, arch }) => ({
    "instance-type": [id],
    "processor-info.supported-architecture": [ec2Architecture(arch)],
    hypervisor: ["nitro"],
  }));
  const { items, nextToken } = page(params, found);
  return { instanceTypeSet: items.map(describeType), nextToken };
}

function describeType(type: { id: string; vcpus: number; memoryGib: number; arch: "amd64" | "arm64" }) {
  const threads = type.arch === "arm64" ? 1 : 2;
  return {
    instanceType: type.id,
    currentGeneration: true,
    bareMetal: false,
    hypervisor: "nitro",
    processorInfo: { supportedArchitectures: [ec2Architecture(type.arch)] },
    vCpuInfo: {
      defaultVCpus: type.vcpus,
      defaultCores: type.vcpus / threads,
      defaultThreadsPerCore: threads,
    },
    memoryInfo: { sizeInMiB: type.memoryGib * 1024 },
    instanceStorageSupported: false,
    supportedRootDeviceTypes: ["ebs"],
    supportedVirtualizationTypes: ["hvm"],
    supportedBootModes: type.arch === "arm64" ? ["uefi"] : ["legacy-bios", "uefi"],
  };
}
