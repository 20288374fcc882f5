import { AwsError } from "../aws-error.ts";
import { type Params, requiredText, texts } from "../form.ts";
import type { Ec2 } from "./ec2.ts";
import { applyFilters, page, selectById } from "./filters.ts";
import { noVolume } from "./not-found.ts";
import type { Region } from "./region.ts";
import type { Instance, Volume } from "./resources.ts";
import { tagSet } from "./tags.ts";

export function describeVolumes(_ec2: Ec2, region: Region, params: Params) {
  const selected = selectById(texts(params, "VolumeId"), region.volumes.visible(), noVolume);
  const found = applyFilters(params, selected, (volume) => ({
    status: [volumeState(volume)],
    "volume-id": [volume.id],
    "volume-type": [volume.type],
    "snapshot-id": [volume.snapshotId],
    "availability-zone": [volume.zone],
    "attachment.instance-id": [volume.instanceId],
    size: [String(volume.sizeGib)],
  }));
  const { items, nextToken } = page(params, found);
  return { volumeSet: items.map((volume) => describe(region, volume)), nextToken };
}

/** DeleteVolume. @throws AwsError VolumeInUse while it is attached */
export function deleteVolume(_ec2: Ec2, region: Region, params: Params) {
  const id = requiredText(params, "VolumeId");
  const volume = region.volumes.get(id);
  if (volume === undefined) throw noVolume([id]);
  if (volume.instanceId !== undefined) {
    throw new AwsError("VolumeInUse", `Volume ${id} is currently attached to ${volume.instanceId}`);
  }
  region.volumes.remove(volume);
  return { return: true };
}

export function volumeState(volume: Volume): "available" | "in-use" {
  return volume.instanceId === undefined ? "available" : "in-use";
}

function describe(region: Region, volume: Volume) {
  const isGp3 = volume.type === "gp3";
  return {
    volumeId: volume.id,
    size: volume.sizeGib,
    snapshotId: volume.snapshotId ?? "",
    availabilityZone: volume.zone,
    status: volumeState(volume),
    createTime: volume.createdAt,
    volumeType: volume.type,
    iops: isGp3 ? 3000 : undefined,
    throughput: isGp3 ? 125 : undefined,
    volumeInitializationRate: volume.initializationRate,
    encrypted: false,
    attachmentSet: attachments(volume, region.instances.get(volume.instanceId ?? "")),
    tagSet: tagSet(volume.tags),
  };
}

function attachments(volume: Volume, instance: Instance | undefined) {
  const disk = instance?.disks.find(({ volumeId }) => volumeId === volume.id);
  if (instance === undefined || disk === undefined) return [];
  return [
    {
      volumeId: volume.id,
      instanceId: instance.id,
      device: disk.deviceName,
      status: "attached",
      attachTime: instance.createdAt,
      deleteOnTermination: disk.deleteOnTermination,
    },
  ];
}
