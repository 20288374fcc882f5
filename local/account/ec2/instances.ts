import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Account } from "../account.ts";
import { AwsError, missing } from "../aws-error.ts";
import { type Params, structure, structures, text, texts } from "../query-protocol.ts";
import { findImage, imageState } from "./images.ts";
import { INSTANCE_TYPES } from "./instance-types.ts";
import type { Image, Instance, Region } from "./region.ts";
import { type Facets, passesFilters, specifiedTags, tagSet } from "./tags.ts";
import { isVisible, page } from "./visibility.ts";

const PENDING_SECONDS = 8;
const SHUTTING_DOWN_SECONDS = 20;
/** A terminated instance shows in DescribeInstances for about an hour (EC2 user guide, "Terminate instances"). */
const REMEMBERED_SECONDS = 3600;

/** vCPUs of standard instances that the account may run at once (quota L-1216C47A). */
export const VCPU_QUOTA = 32;

export type InstanceState = "pending" | "running" | "shutting-down" | "terminated";

export function instanceState(account: Account, instance: Instance): InstanceState {
  const now = account.clock.now().getTime();
  if (instance.terminatedAt !== undefined) {
    return now - instance.terminatedAt.getTime() < SHUTTING_DOWN_SECONDS * 1000
      ? "shutting-down"
      : "terminated";
  }
  return now - instance.createdAt.getTime() < PENDING_SECONDS * 1000 ? "pending" : "running";
}

export async function runInstances(account: Account, region: Region, params: Params) {
  const token = text(params, "ClientToken");
  const request = JSON.stringify({ ...params, ClientToken: undefined });
  const used = token === undefined ? undefined : region.tokens.get(`run ${token}`);
  if (used !== undefined) {
    if (used.request !== request) throw tokenMismatch();
    const earlier = region.instances.get(used.id);
    if (earlier !== undefined) return reservation(account, region, [earlier]);
  }
  const image = launchableImage(account, region, params);
  const type = requireRoom(account, region, text(params, "InstanceType") ?? "m1.small", image);
  const instance = await makeInstance(account, region, params, image, type);
  if (token !== undefined) region.tokens.set(`run ${token}`, { request, id: instance.id });
  return reservation(account, region, [instance]);
}

export function tokenMismatch(): AwsError {
  return new AwsError(
    "IdempotentParameterMismatch",
    "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).",
  );
}

function launchableImage(account: Account, region: Region, params: Params): Image {
  const id = text(params, "ImageId");
  if (id === undefined) throw missing("ImageId");
  const image = findImage(region, id);
  if (image === undefined)
    throw new AwsError("InvalidAMIID.NotFound", `The image id '[${id}]' does not exist`);
  if (imageState(account, image) !== "available") {
    throw new AwsError("InvalidAMIID.Unavailable", `The image ID: '${id}' is not available`);
  }
  return image;
}

function requireRoom(account: Account, region: Region, type: string, image: Image): string {
  const spec = INSTANCE_TYPES[type];
  if (spec === undefined)
    throw new AwsError("InvalidParameterValue", `Invalid value '${type}' for InstanceType.`);
  if (spec.arch !== image.arch) {
    const wanted = spec.arch === "arm64" ? "arm64" : "x86_64";
    throw new AwsError(
      "InvalidParameterValue",
      `The architecture '${wanted}' of the specified instance type does not match the architecture of the specified AMI.`,
    );
  }
  const running = [...region.instances.values()].filter((one) =>
    ["pending", "running"].includes(instanceState(account, one)),
  );
  const vcpus = running.reduce((sum, one) => sum + (INSTANCE_TYPES[one.type]?.vcpus ?? 0), 0);
  if (vcpus + spec.vcpus > VCPU_QUOTA) {
    throw new AwsError(
      "VcpuLimitExceeded",
      `You have requested more vCPU capacity than your current vCPU limit of ${VCPU_QUOTA} allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.`,
    );
  }
  return type;
}

async function makeInstance(account: Account, region: Region, params: Params, image: Image, type: string) {
  const id = account.newId("i");
  const ebs = structure(structures(params, "BlockDeviceMapping")[0] ?? {}, "Ebs");
  const sizeGib = Number(text(ebs, "VolumeSize") ?? image.sizeGib);
  if (sizeGib < image.sizeGib) {
    throw new AwsError(
      "InvalidBlockDeviceMapping",
      `Volume of size ${sizeGib}GB is smaller than snapshot '${image.snapshotId}', expect size >= ${image.sizeGib}GB`,
    );
  }
  const rate = initializationRate(text(ebs, "VolumeInitializationRate"));
  const keyName = text(params, "KeyName");
  const pair = keyName === undefined ? undefined : region.keyPairs.get(keyName);
  if (keyName !== undefined && pair === undefined) {
    throw new AwsError("InvalidKeyPair.NotFound", `The key pair '${keyName}' does not exist`);
  }
  const securityGroupIds = texts(params, "SecurityGroupId");
  for (const group of securityGroupIds) {
    if (!region.securityGroups.has(group)) {
      throw new AwsError("InvalidGroup.NotFound", `The security group '${group}' does not exist`);
    }
  }
  const createdAt = account.clock.now();
  const volumeId = account.newId("vol");
  const folder = join(account.folder, "machines", id);
  mkdirSync(folder, { recursive: true });
  const machine = await account.startMachine({
    instanceId: id,
    region: region.name,
    launchedAt: createdAt,
    image,
    authorizedKey: pair?.publicKey,
    volumeInitializationRateMibPerSecond: rate,
    folder,
    sshPort: account.sshPort,
    clock: account.clock,
    faults: {
      neverBoots: account.situations.has("builder-never-boots"),
      hostKeyMismatch: account.situations.has("host-key-mismatch"),
      packagesUnreachable: account.situations.has("packages-unreachable"),
    },
    onCommand: account.onCommand,
  });
  const instance: Instance = {
    id,
    createdAt,
    imageId: image.id,
    type,
    arch: image.arch,
    keyName,
    securityGroupIds,
    volumeId,
    clientToken: text(params, "ClientToken"),
    tags: specifiedTags(params, "instance"),
    machine,
    terminatedAt: undefined,
    terminationReason: "",
  };
  const tags = specifiedTags(params, "volume");
  region.volumes.set(volumeId, { id: volumeId, createdAt, sizeGib, tags, instanceId: id });
  region.instances.set(id, instance);
  return instance;
}

function initializationRate(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const rate = Number(value);
  if (rate >= 100 && rate <= 300) return rate;
  throw new AwsError(
    "InvalidParameterValue",
    `Volume initialization rate of ${value} is not valid. Specify a value between 100 and 300 MiB/s.`,
  );
}

export function describeInstances(account: Account, region: Region, params: Params) {
  const ids = texts(params, "InstanceId");
  const visible = [...region.instances.values()].filter(
    (one) => isVisible(account, one) && !isForgotten(account, one),
  );
  requireKnown(
    ids,
    visible.map(({ id }) => id),
  );
  const found = visible.filter(
    (one) =>
      (ids.length === 0 || ids.includes(one.id)) && passesFilters(params, one.tags, facetsOf(account, one)),
  );
  const { items, nextToken } = page(found, text(params, "MaxResults"), text(params, "NextToken"));
  return { reservationSet: items.map((one) => reservation(account, region, [one])), nextToken };
}

export function describeInstanceStatus(account: Account, region: Region, params: Params) {
  const ids = texts(params, "InstanceId");
  const running = [...region.instances.values()].filter(
    (one) => instanceState(account, one) === "running" && (ids.length === 0 || ids.includes(one.id)),
  );
  const ok = { status: "ok" };
  return {
    instanceStatusSet: running.map(({ id }) => ({
      instanceId: id,
      instanceState: stateOf("running"),
      instanceStatus: ok,
      systemStatus: ok,
    })),
  };
}

export async function terminateInstances(account: Account, region: Region, params: Params) {
  const ids = texts(params, "InstanceId");
  requireKnown(ids, [...region.instances.keys()]);
  const changes = [];
  for (const id of ids) {
    const instance = region.instances.get(id);
    if (instance === undefined) continue;
    const before = instanceState(account, instance);
    if (instance.terminatedAt === undefined) {
      instance.terminatedAt = account.clock.now();
      instance.terminationReason = "User initiated";
      await instance.machine?.stop();
      const volume = region.volumes.get(instance.volumeId);
      if (volume !== undefined) region.past.volumes.push({ ...volume, goneAt: instance.terminatedAt });
      region.volumes.delete(instance.volumeId);
    }
    const current = stateOf(instanceState(account, instance));
    changes.push({ instanceId: id, currentState: current, previousState: stateOf(before) });
  }
  return { instancesSet: changes };
}

export function getConsoleOutput(account: Account, region: Region, params: Params) {
  const id = text(params, "InstanceId") ?? "";
  const instance = region.instances.get(id);
  if (instance === undefined || !isVisible(account, instance)) throw noInstance([id]);
  const output = instance.machine?.consoleOutput() ?? "";
  return {
    instanceId: id,
    timestamp: account.clock.now(),
    output: Buffer.from(output, "latin1").toString("base64"),
  };
}

function requireKnown(wanted: readonly string[], known: readonly string[]): void {
  const unknown = wanted.filter((id) => !known.includes(id));
  if (unknown.length > 0) throw noInstance(unknown);
}

export function noInstance(ids: readonly string[]): AwsError {
  const what =
    ids.length === 1 ? `The instance ID '${ids[0]}' does` : `The instance IDs '${ids.join(", ")}' do`;
  return new AwsError("InvalidInstanceID.NotFound", `${what} not exist`);
}

function isForgotten(account: Account, { terminatedAt }: Instance): boolean {
  return (
    terminatedAt !== undefined &&
    account.clock.now().getTime() - terminatedAt.getTime() > REMEMBERED_SECONDS * 1000
  );
}

function facetsOf(account: Account, instance: Instance): Facets {
  return {
    "instance-state-name": [instanceState(account, instance)],
    "image-id": [instance.imageId],
    "instance-id": [instance.id],
    "instance-type": [instance.type],
    "key-name": [instance.keyName],
    "client-token": [instance.clientToken],
  };
}

function reservation(account: Account, region: Region, instances: readonly Instance[]) {
  return {
    reservationId: `r-${instances[0]?.id.slice(2)}`,
    ownerId: account.accountId,
    instancesSet: instances.map((one) => describe(account, region, one)),
  };
}

function describe(account: Account, region: Region, instance: Instance) {
  const state = instanceState(account, instance);
  const spec = INSTANCE_TYPES[instance.type];
  const volume = { volumeId: instance.volumeId, status: "attached", deleteOnTermination: true };
  return {
    instanceId: instance.id,
    imageId: instance.imageId,
    instanceState: stateOf(state),
    instanceType: instance.type,
    keyName: instance.keyName,
    launchTime: instance.createdAt,
    clientToken: instance.clientToken,
    architecture: instance.arch === "arm64" ? "arm64" : "x86_64",
    rootDeviceName: "/dev/sda1",
    rootDeviceType: "ebs",
    placement: { availabilityZone: `${region.name}a`, tenancy: "default" },
    cpuOptions: {
      coreCount: (spec?.vcpus ?? 2) / (spec?.arch === "arm64" ? 1 : 2),
      threadsPerCore: spec?.arch === "arm64" ? 1 : 2,
    },
    ipAddress: state === "running" ? instance.machine?.address : undefined,
    privateIpAddress: state === "terminated" ? undefined : "172.31.0.10",
    groupSet: instance.securityGroupIds.map((groupId) => ({
      groupId,
      groupName: region.securityGroups.get(groupId)?.name,
    })),
    blockDeviceMapping: state === "terminated" ? [] : [{ deviceName: "/dev/sda1", ebs: volume }],
    metadataOptions: { state: "applied", httpTokens: "required", httpEndpoint: "enabled" },
    stateReason:
      instance.terminatedAt === undefined
        ? undefined
        : {
            code: "Client.UserInitiatedShutdown",
            message: `Client.UserInitiatedShutdown: ${instance.terminationReason}`,
          },
    tagSet: tagSet(instance.tags),
  };
}

const STATE_CODES: Record<InstanceState, number> = {
  pending: 0,
  running: 16,
  "shutting-down": 32,
  terminated: 48,
};

function stateOf(name: InstanceState) {
  return { code: STATE_CODES[name], name };
}
