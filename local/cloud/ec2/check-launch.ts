import { AwsError, invalidValue, missing } from "../aws-error.ts";
import { integer, type Params, requiredText, structure, text, texts } from "../form.ts";
import { STANDARD_VCPU_QUOTA } from "../quotas/quotas.ts";
import { type Disk, requestedDisks } from "./block-devices.ts";
import type { Ec2 } from "./ec2.ts";
import { imageState } from "./image-state.ts";
import { vcpusInUse } from "./instance-state.ts";
import { ec2Architecture, INSTANCE_TYPES, type InstanceType } from "./instance-types.ts";
import { noImage, noKeyPair, noSecurityGroup } from "./not-found.ts";
import type { Region } from "./region.ts";
import type { Image, KeyPair, Tags } from "./resources.ts";
import { specifiedTags } from "./tags.ts";

/** What a checked RunInstances request asks for. */
export interface Launch {
  readonly image: Image;
  readonly type: string;
  readonly pair: KeyPair | undefined;
  readonly groups: readonly string[];
  readonly zone: { readonly name: string; readonly subnetId: string };
  readonly disks: readonly Disk[];
  readonly metadataOptions: Readonly<Record<string, string>>;
  readonly shutdownBehavior: string;
  readonly instanceTags: Tags;
  readonly volumeTags: Tags;
  readonly count: number;
}

/** Checks a RunInstances request. @throws AwsError for the first thing that is wrong */
export function checkLaunch(ec2: Ec2, region: Region, params: Params): Launch {
  const minCount = integer(params, "MinCount");
  const maxCount = integer(params, "MaxCount");
  if (minCount === undefined) throw missing("MinCount");
  if (maxCount === undefined) throw missing("MaxCount");
  if (!(minCount >= 1 && maxCount >= minCount))
    throw invalidValue(`Invalid value '${maxCount}' for MaxCount.`);
  const image = launchableImage(ec2, region, requiredText(params, "ImageId"));
  const type = text(params, "InstanceType") ?? "m1.small";
  const spec = requireType(type, image);
  requireVcpus(vcpusInUse(ec2.account, region) + spec.vcpus * maxCount);
  return {
    image,
    type,
    pair: keyPair(region, text(params, "KeyName")),
    groups: securityGroups(region, texts(params, "SecurityGroupId")),
    zone: zoneOf(region, params),
    disks: requestedDisks(params, image),
    metadataOptions: metadataOptions(params, image),
    shutdownBehavior: shutdownBehavior(text(params, "InstanceInitiatedShutdownBehavior")),
    instanceTags: specifiedTags(params, "instance"),
    volumeTags: specifiedTags(params, "volume"),
    count: maxCount,
  };
}

function launchableImage({ account }: Ec2, region: Region, id: string): Image {
  const image = region.image(id);
  if (image === undefined) throw noImage([id]);
  const state = imageState(account, image);
  if (state !== "available") {
    throw new AwsError("InvalidAMIID.Unavailable", `AMI '${id}' is ${state}, and cannot be run`);
  }
  return image;
}

function requireType(type: string, image: Image): InstanceType {
  const spec = INSTANCE_TYPES.get(type);
  if (spec === undefined) throw invalidValue(`Invalid value '${type}' for InstanceType.`);
  if (spec.arch === image.arch) return spec;
  throw invalidValue(
    `The architecture '${ec2Architecture(spec.arch)}' of the specified instance type does not match the architecture '${ec2Architecture(image.arch)}' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again.`,
  );
}

function requireVcpus(vcpus: number): void {
  if (vcpus <= STANDARD_VCPU_QUOTA) return;
  throw new AwsError(
    "VcpuLimitExceeded",
    `You have requested more vCPU capacity than your current vCPU limit of ${STANDARD_VCPU_QUOTA} allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.`,
  );
}

function keyPair(region: Region, name: string | undefined): KeyPair | undefined {
  if (name === undefined) return undefined;
  const pair = region.keyPairs.existing().find((one) => one.name === name);
  if (pair === undefined) throw noKeyPair([name]);
  return pair;
}

function securityGroups(region: Region, ids: readonly string[]): readonly string[] {
  const unknown = ids.filter((id) => region.securityGroups.get(id) === undefined);
  if (unknown.length > 0) throw noSecurityGroup(unknown);
  return ids.length > 0 ? ids : [region.defaultGroupId];
}

function zoneOf(region: Region, params: Params): Launch["zone"] {
  const subnetId = text(params, "SubnetId");
  const name = text(structure(params, "Placement"), "AvailabilityZone");
  const zone = region.zones.find(
    (one) => subnetId === one.subnetId || (subnetId === undefined && name === one.name),
  );
  if (zone !== undefined) return zone;
  if (subnetId !== undefined) {
    throw new AwsError("InvalidSubnetID.NotFound", `The subnet ID '${subnetId}' does not exist`);
  }
  if (name !== undefined) throw invalidValue(`Invalid availability zone: [${name}]`);
  const first = region.zones[0];
  if (first === undefined) throw new AwsError("InternalError", `${region.name} has no zone`);
  return first;
}

function metadataOptions(params: Params, image: Image): Readonly<Record<string, string>> {
  const asked = structure(params, "MetadataOptions");
  const httpTokens = text(asked, "HttpTokens") ?? (image.imdsSupport === "v2.0" ? "required" : "optional");
  if (!["required", "optional"].includes(httpTokens))
    throw invalidValue(`Invalid value '${httpTokens}' for HttpTokens.`);
  return {
    state: "applied",
    httpTokens,
    httpPutResponseHopLimit: text(asked, "HttpPutResponseHopLimit") ?? "1",
    httpEndpoint: text(asked, "HttpEndpoint") ?? "enabled",
    httpProtocolIpv6: text(asked, "HttpProtocolIpv6") ?? "disabled",
    instanceMetadataTags: text(asked, "InstanceMetadataTags") ?? "disabled",
  };
}

function shutdownBehavior(asked: string | undefined): string {
  if (asked === undefined) return "stop";
  if (["stop", "terminate"].includes(asked)) return asked;
  throw invalidValue(`Value (${asked}) for parameter instanceInitiatedShutdownBehavior is invalid.`);
}
