import { type Account, after, newId } from "../account.ts";
import { AwsError, missing } from "../aws-error.ts";
import { type Params, text } from "../form.ts";
import type { Region } from "./region.ts";
import type { Image, Tags } from "./resources.ts";

/** What CreateImage and CopyImage know of the image that they make. */
export type NewImage = Pick<
  Image,
  | "id"
  | "name"
  | "release"
  | "arch"
  | "flavour"
  | "filesystem"
  | "sizeGib"
  | "sourceInstanceId"
  | "copiedFrom"
  | "imdsSupport"
  | "tree"
> & {
  readonly volumeId: string;
  readonly secondsPerGib: number;
  readonly fails: boolean;
  readonly imageTags: Tags;
  readonly snapshotTags: Tags;
};

/** Puts a new image and its snapshot into the region, both pending until simulated minutes have passed. */
export function registerImage(account: Account, region: Region, params: Params, made: NewImage): Image {
  const { volumeId, secondsPerGib, fails, imageTags, snapshotTags, ...image } = made;
  const createdAt = account.clock.now();
  const readyAt = after(createdAt, secondsPerGib * made.sizeGib);
  const snapshot = region.snapshots.add({
    id: newId("snap"),
    createdAt,
    goneAt: undefined,
    tags: snapshotTags,
    ownerId: account.accountId,
    description: snapshotDescription(region, made),
    sizeGib: made.sizeGib,
    volumeId,
    readyAt,
    outcome: fails ? "error" : "completed",
  });
  return region.images.add({
    ...image,
    createdAt,
    goneAt: undefined,
    tags: imageTags,
    ownerId: account.accountId,
    description: text(params, "Description") ?? "",
    snapshotId: snapshot.id,
    readyAt,
    outcome: fails ? "failed" : "available",
  });
}

function snapshotDescription(region: Region, { id, sourceInstanceId, copiedFrom }: NewImage): string {
  if (copiedFrom === undefined) return `Created by CreateImage(${sourceInstanceId}) for ${id}`;
  return `Copied for DestinationAmi ${id} in ${region.name} from SourceAmi ${copiedFrom.imageId} in ${copiedFrom.region}.`;
}

/** Names: 3 to 128 characters, unique among the account's images of the region (EC2 API, CreateImage). @throws AwsError */
export function requireFreeName(region: Region, params: Params): string {
  const name = text(params, "Name");
  if (name === undefined) throw missing("name");
  if (!/^[A-Za-z0-9()[\] ./\-'@_]{3,128}$/.test(name)) {
    throw new AwsError(
      "InvalidAMIName.Malformed",
      "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, '(', ')', '.', '-', '/' and '_'",
    );
  }
  const taken = region.images.existing().find((image) => image.name === name);
  if (taken === undefined) return name;
  throw new AwsError("InvalidAMIName.Duplicate", `AMI name ${name} is already in use by AMI ${taken.id}`);
}
