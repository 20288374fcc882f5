import type { Account } from "../account.ts";
import { AwsError } from "../aws-error.ts";
import { type Params, requiredText, texts } from "../form.ts";
import type { Ec2 } from "./ec2.ts";
import { applyFilters, page, selectById } from "./filters.ts";
import { noSnapshot } from "./not-found.ts";
import type { Region } from "./region.ts";
import type { Snapshot } from "./resources.ts";
import { tagSet } from "./tags.ts";

/** DescribeSnapshots shows the account's own; FreeBSD's are not public as snapshots. */
export function describeSnapshots({ account }: Ec2, region: Region, params: Params) {
  const owners = texts(params, "Owner");
  const selected = selectById(texts(params, "SnapshotId"), region.snapshots.visible(), noSnapshot).filter(
    ({ ownerId }) => owners.length === 0 || owners.includes("self") || owners.includes(ownerId),
  );
  const found = applyFilters(params, selected, (snapshot) => ({
    status: [snapshotState(account, snapshot)],
    description: [snapshot.description],
    "snapshot-id": [snapshot.id],
    "volume-id": [snapshot.volumeId],
    "volume-size": [String(snapshot.sizeGib)],
    "owner-id": [snapshot.ownerId],
    progress: [`${progressPercent(account, snapshot)}%`],
  }));
  const { items, nextToken } = page(params, found);
  return { snapshotSet: items.map((snapshot) => describe(account, snapshot)), nextToken };
}

/** DeleteSnapshot. @throws AwsError InvalidSnapshot.InUse while an image is made of it */
export function deleteSnapshot(_ec2: Ec2, region: Region, params: Params) {
  const id = requiredText(params, "SnapshotId");
  const snapshot = region.snapshots.get(id);
  if (snapshot === undefined) throw noSnapshot([id]);
  const user = region.images.existing().find((image) => image.snapshotId === id);
  if (user !== undefined) {
    throw new AwsError("InvalidSnapshot.InUse", `The snapshot ${id} is currently in use by ${user.id}`);
  }
  region.snapshots.remove(snapshot);
  return { return: true };
}

/** The state follows from the time. */
export function snapshotState(account: Account, snapshot: Snapshot): "pending" | "completed" | "error" {
  return account.clock.now() < snapshot.readyAt ? "pending" : snapshot.outcome;
}

function progressPercent(account: Account, snapshot: Snapshot): number {
  const whole = snapshot.readyAt.getTime() - snapshot.createdAt.getTime();
  const passed = account.clock.now().getTime() - snapshot.createdAt.getTime();
  return whole <= 0 ? 100 : Math.min(100, Math.floor((100 * passed) / whole));
}

function describe(account: Account, snapshot: Snapshot) {
  return {
    snapshotId: snapshot.id,
    ownerId: snapshot.ownerId,
    volumeId: snapshot.volumeId,
    volumeSize: snapshot.sizeGib,
    description: snapshot.description,
    status: snapshotState(account, snapshot),
    progress: `${progressPercent(account, snapshot)}%`,
    startTime: snapshot.createdAt,
    storageTier: "standard",
    encrypted: false,
    tagSet: tagSet(snapshot.tags),
  };
}
