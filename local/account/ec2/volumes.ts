import type { Account } from "../account.ts";
import { AwsError } from "../aws-error.ts";
import { type Params, text, texts } from "../query-protocol.ts";
import type { Region, Snapshot, Volume } from "./region.ts";
import { passesFilters, tagSet } from "./tags.ts";
import { isVisible, page } from "./visibility.ts";

export function describeVolumes(account: Account, region: Region, params: Params) {
  const ids = texts(params, "VolumeId");
  const visible = [...region.volumes.values()].filter((volume) => isVisible(account, volume));
  const unknown = ids.find((id) => !visible.some((volume) => volume.id === id));
  if (unknown !== undefined) {
    throw new AwsError("InvalidVolume.NotFound", `The volume '${unknown}' does not exist.`);
  }
  const found = visible.filter(
    (volume) =>
      (ids.length === 0 || ids.includes(volume.id)) &&
      passesFilters(params, volume.tags, { status: [stateOf(volume)] }),
  );
  const { items, nextToken } = page(found, text(params, "MaxResults"), text(params, "NextToken"));
  return { volumeSet: items.map((volume) => describeVolume(region, volume)), nextToken };
}

export function deleteVolume(account: Account, region: Region, params: Params) {
  const id = text(params, "VolumeId") ?? "";
  const volume = region.volumes.get(id);
  if (volume === undefined)
    throw new AwsError("InvalidVolume.NotFound", `The volume '${id}' does not exist.`);
  if (volume.instanceId !== undefined) {
    throw new AwsError("VolumeInUse", `Volume ${id} is currently attached to ${volume.instanceId}`);
  }
  region.volumes.delete(id);
  region.past.volumes.push({ ...volume, goneAt: account.clock.now() });
  return { return: true };
}

export function describeSnapshots(account: Account, region: Region, params: Params) {
  const ids = texts(params, "SnapshotId");
  const visible = [...region.snapshots.values()].filter((snapshot) => isVisible(account, snapshot));
  const unknown = ids.find((id) => !visible.some((snapshot) => snapshot.id === id));
  if (unknown !== undefined) throw noSnapshot(unknown);
  const found = visible.filter(
    (one) => (ids.length === 0 || ids.includes(one.id)) && passesFilters(params, one.tags, {}),
  );
  const { items, nextToken } = page(found, text(params, "MaxResults"), text(params, "NextToken"));
  return { snapshotSet: items.map((snapshot) => describeSnapshot(account, snapshot)), nextToken };
}

export function deleteSnapshot(account: Account, region: Region, params: Params) {
  const id = text(params, "SnapshotId") ?? "";
  const snapshot = region.snapshots.get(id);
  if (snapshot === undefined) throw noSnapshot(id);
  const user = [...region.images.values()].find((image) => image.snapshotId === id);
  if (user !== undefined) {
    throw new AwsError("InvalidSnapshot.InUse", `The snapshot ${id} is currently in use by ${user.id}`);
  }
  region.snapshots.delete(id);
  region.past.snapshots.push({ ...snapshot, goneAt: account.clock.now() });
  return { return: true };
}

function noSnapshot(id: string): AwsError {
  return new AwsError("InvalidSnapshot.NotFound", `The snapshot '${id}' does not exist.`);
}

function stateOf(volume: Volume): string {
  return volume.instanceId === undefined ? "available" : "in-use";
}

function describeVolume(region: Region, volume: Volume) {
  return {
    volumeId: volume.id,
    size: volume.sizeGib,
    volumeType: "gp3",
    status: stateOf(volume),
    availabilityZone: `${region.name}a`,
    createTime: volume.createdAt,
    attachmentSet:
      volume.instanceId === undefined ? [] : [{ instanceId: volume.instanceId, status: "attached" }],
    tagSet: tagSet(volume.tags),
  };
}

function describeSnapshot(account: Account, snapshot: Snapshot) {
  const now = account.clock.now().getTime();
  const whole = snapshot.readyAt.getTime() - snapshot.createdAt.getTime();
  const percent = Math.min(
    100,
    Math.floor((100 * (now - snapshot.createdAt.getTime())) / Math.max(1, whole)),
  );
  return {
    snapshotId: snapshot.id,
    ownerId: account.accountId,
    volumeSize: snapshot.sizeGib,
    status: percent < 100 ? "pending" : "completed",
    progress: `${percent}%`,
    startTime: snapshot.createdAt,
    tagSet: tagSet(snapshot.tags),
  };
}
