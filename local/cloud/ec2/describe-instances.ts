import type { Account } from "../account.ts";
import { AwsError, invalidValue } from "../aws-error.ts";
import { isTrue, type Params, text, texts } from "../form.ts";
import { ROOT_DEVICE } from "./block-devices.ts";
import type { Ec2 } from "./ec2.ts";
import { applyFilters, type Facets, page, selectById } from "./filters.ts";
import { instanceState, stateWithCode } from "./instance-state.ts";
import { ec2Architecture, INSTANCE_TYPES } from "./instance-types.ts";
import { noInstance } from "./not-found.ts";
import type { Region } from "./region.ts";
import type { Instance } from "./resources.ts";
import { tagSet } from "./tags.ts";

export function describeInstances({ account }: Ec2, region: Region, params: Params) {
  const found = findInstances(account, region, params);
  const { items, nextToken } = page(params, found);
  return { reservationSet: items.map((one) => describeReservation(account, region, [one])), nextToken };
}

/** DescribeInstanceStatus: running instances only, unless all are asked for. */
export function describeInstanceStatus({ account }: Ec2, region: Region, params: Params) {
  const all = isTrue(params, "IncludeAllInstances");
  const found = findInstances(account, region, params).filter(
    (one) => all || instanceState(account, one) === "running",
  );
  const { items, nextToken } = page(params, found);
  return { instanceStatusSet: items.map((one) => describeStatus(account, one)), nextToken };
}

/** Instances of one reservation, as RunInstances and DescribeInstances answer them. */
export function describeReservation(account: Account, region: Region, instances: readonly Instance[]) {
  return {
    reservationId: instances[0]?.reservationId,
    ownerId: account.accountId,
    groupSet: [],
    instancesSet: instances.map((one) => describe(account, region, one)),
  };
}

function findInstances(account: Account, region: Region, params: Params): Instance[] {
  const ids = texts(params, "InstanceId");
  if (ids.length > 0 && text(params, "MaxResults") !== undefined) {
    throw new AwsError(
      "InvalidParameterCombination",
      "The parameter instancesSet cannot be used with the parameter maxResults",
    );
  }
  if (ids.some((id) => id === "")) throw invalidValue("Invalid value '' for instanceId.");
  const selected = selectById(ids, region.instances.visible(), noInstance);
  return applyFilters(params, selected, (one) => facetsOf(account, region, one));
}

function facetsOf(account: Account, region: Region, instance: Instance): Facets {
  const state = instanceState(account, instance);
  return {
    "instance-state-name": [state],
    "instance-state-code": [String(stateWithCode(state).code)],
    "instance-id": [instance.id],
    "instance-type": [instance.type],
    "image-id": [instance.image.id],
    "key-name": [instance.keyName],
    "client-token": [instance.clientToken],
    "availability-zone": [instance.zone],
    "subnet-id": [instance.subnetId],
    "vpc-id": [region.vpcId],
    "instance.group-id": instance.securityGroupIds,
    "network-interface.group-id": instance.securityGroupIds,
    "reservation-id": [instance.reservationId],
    architecture: [ec2Architecture(instance.arch)],
  };
}

function describe(account: Account, region: Region, instance: Instance) {
  const state = instanceState(account, instance);
  const isUp = state === "pending" || state === "running";
  const groups = instance.securityGroupIds.map((groupId) => ({
    groupId,
    groupName: region.securityGroups.get(groupId)?.name ?? "",
  }));
  return {
    ...unchanging(instance),
    instanceState: stateWithCode(state),
    ipAddress: state === "running" ? instance.machine.address : undefined,
    // A terminated instance has given back its network and its disks.
    ...(isUp || state === "shutting-down"
      ? { privateIpAddress: instance.privateAddress, subnetId: instance.subnetId, vpcId: region.vpcId }
      : {}),
    groupSet: isUp ? groups : [],
    blockDeviceMapping:
      state === "terminated" ? [] : instance.disks.map((disk) => attachedDisk(instance, disk)),
    ...(instance.terminatedAt === undefined ? { reason: "" } : userInitiated(instance.terminatedAt)),
    tagSet: tagSet(instance.tags),
  };
}

function unchanging(instance: Instance) {
  const threadsPerCore = instance.arch === "arm64" ? 1 : 2;
  const vcpus = INSTANCE_TYPES.get(instance.type)?.vcpus ?? threadsPerCore;
  return {
    instanceId: instance.id,
    imageId: instance.image.id,
    instanceType: instance.type,
    keyName: instance.keyName,
    amiLaunchIndex: instance.launchIndex,
    launchTime: instance.createdAt,
    clientToken: instance.clientToken,
    architecture: ec2Architecture(instance.arch),
    hypervisor: "xen",
    virtualizationType: "hvm",
    enaSupport: true,
    rootDeviceName: ROOT_DEVICE,
    rootDeviceType: "ebs",
    placement: { availabilityZone: instance.zone, tenancy: "default" },
    monitoring: { state: "disabled" },
    cpuOptions: { coreCount: vcpus / threadsPerCore, threadsPerCore },
    metadataOptions: instance.metadataOptions,
  };
}

function attachedDisk(
  instance: Instance,
  { deviceName, volumeId, deleteOnTermination }: Instance["disks"][number],
) {
  return {
    deviceName,
    ebs: { volumeId, status: "attached", attachTime: instance.createdAt, deleteOnTermination },
  };
}

function userInitiated(at: Date) {
  const when = at.toISOString().replace("T", " ").replace(/\..*/, " GMT");
  return {
    reason: `User initiated (${when})`,
    stateReason: {
      code: "Client.UserInitiatedShutdown",
      message: "Client.UserInitiatedShutdown: User initiated shutdown",
    },
  };
}

function describeStatus(account: Account, instance: Instance) {
  const state = instanceState(account, instance);
  const status = state === "running" ? "ok" : "not-applicable";
  return {
    instanceId: instance.id,
    availabilityZone: instance.zone,
    instanceState: stateWithCode(state),
    instanceStatus: { status },
    systemStatus: { status },
  };
}
