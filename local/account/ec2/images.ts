import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { copyTree } from "../../machine/copy-tree.ts";
import type { Account } from "../account.ts";
import { AwsError, missing } from "../aws-error.ts";
import { type Params, structure, text, texts } from "../query-protocol.ts";
import { freebsdImages } from "./freebsd-images.ts";
import { instanceState, noInstance, tokenMismatch } from "./instances.ts";
import type { Image, Region } from "./region.ts";
import { type Facets, passesFilters, specifiedTags, tagSet } from "./tags.ts";
import { isVisible, page } from "./visibility.ts";

const CREATE_SECONDS_PER_GIB = 24;
const COPY_SECONDS_PER_GIB = 36;

/** An image of the account or of FreeBSD. */
export function findImage(region: Region, id: string): Image | undefined {
  const own = region.images.get(id);
  return own ?? [...freebsdImages(region.name).values()].find((image) => image.id === id);
}

export function imageState(account: Account, image: Image): "pending" | "available" | "failed" {
  return account.clock.now() < image.readyAt ? "pending" : image.outcome;
}

export async function createImage(account: Account, region: Region, params: Params) {
  const id = text(params, "InstanceId") ?? "";
  const instance = region.instances.get(id);
  if (instance === undefined) throw noInstance([id]);
  const state = instanceState(account, instance);
  if (state !== "running") {
    throw new AwsError("IncorrectState", `Instance '${id}' is not 'running' or 'stopped', but '${state}'.`);
  }
  const name = requireName(region, params);
  if (text(params, "NoReboot") !== "true") await instance.machine?.reboot();
  const source = findImage(region, instance.imageId);
  const sizeGib = region.volumes.get(instance.volumeId)?.sizeGib ?? 10;
  const imageId = account.newId("ami");
  const folder = join(account.folder, "images", imageId);
  mkdirSync(folder, { recursive: true });
  const capture = await instance.machine?.captureDisk(folder);
  const fails = account.situations.has("image-failed");
  addImage(account, region, params, {
    id: imageId,
    name,
    sizeGib,
    seconds: CREATE_SECONDS_PER_GIB * sizeGib,
    outcome: fails ? "failed" : "available",
    release: source?.release ?? "",
    arch: instance.arch,
    filesystem: source?.filesystem ?? "ufs",
    tree: { folder, problems: capture?.problems ?? [] },
  });
  return { imageId };
}

export function copyImage(
  account: Account,
  region: Region,
  params: Params,
  regionOf: (name: string) => Region,
) {
  const token = text(params, "ClientToken");
  const request = JSON.stringify({ ...params, ClientToken: undefined });
  const used = token === undefined ? undefined : region.tokens.get(`copy ${token}`);
  if (used !== undefined) {
    if (used.request !== request) throw tokenMismatch();
    return { imageId: used.id };
  }
  const sourceId = text(params, "SourceImageId") ?? "";
  const source = findImage(regionOf(text(params, "SourceRegion") ?? region.name), sourceId);
  if (source === undefined) {
    throw new AwsError("InvalidAMIID.NotFound", `The image id '[${sourceId}]' does not exist`);
  }
  if (imageState(account, source) !== "available") {
    throw new AwsError("InvalidRequest", `Image ${sourceId} must be in the 'available' state to be copied`);
  }
  const name = requireName(region, params);
  const id = account.newId("ami");
  const folder = join(account.folder, "images", id);
  if (source.tree !== undefined) copyTree(source.tree.folder, folder);
  const fails = account.situations.has(`copy-failed@${region.name}`);
  addImage(account, region, params, {
    ...source,
    id,
    name,
    seconds: COPY_SECONDS_PER_GIB * source.sizeGib,
    outcome: fails ? "failed" : "available",
    tree: source.tree === undefined ? undefined : { folder, problems: source.tree.problems },
  });
  if (token !== undefined) region.tokens.set(`copy ${token}`, { request, id });
  return { imageId: id };
}

type NewImage = Pick<
  Image,
  "id" | "name" | "sizeGib" | "outcome" | "release" | "arch" | "filesystem" | "tree"
> & {
  readonly seconds: number;
};

function addImage(account: Account, region: Region, params: Params, image: NewImage): void {
  const createdAt = account.clock.now();
  const readyAt = new Date(createdAt.getTime() + image.seconds * 1000);
  const snapshotId = account.newId("snap");
  const { id, name, sizeGib, outcome, release, arch, filesystem, tree } = image;
  region.snapshots.set(snapshotId, {
    id: snapshotId,
    createdAt,
    sizeGib,
    readyAt,
    tags: specifiedTags(params, "snapshot"),
  });
  region.images.set(id, {
    id,
    name,
    sizeGib,
    outcome,
    release,
    arch,
    filesystem,
    tree,
    createdAt,
    readyAt,
    snapshotId,
    ownerId: account.accountId,
    description: text(params, "Description") ?? "",
    flavour: "base",
    tags: specifiedTags(params, "image"),
    imdsSupport: undefined,
  });
}

/** Names: 3 to 128 characters, unique among the account's images of the region (EC2 API, CreateImage). */
function requireName(region: Region, params: Params): string {
  const name = text(params, "Name");
  if (name === undefined) throw missing("Name");
  if (!/^[A-Za-z0-9()[\] ./\-'@_]{3,128}$/.test(name)) {
    throw new AwsError(
      "InvalidAMIName.Malformed",
      "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, '(', ')', '.', '-', '/' and '_'",
    );
  }
  const taken = [...region.images.values()].find((image) => image.name === name);
  if (taken !== undefined) {
    throw new AwsError("InvalidAMIName.Duplicate", `AMI name ${name} is already in use by AMI ${taken.id}`);
  }
  return name;
}

export function describeImages(account: Account, region: Region, params: Params) {
  const ids = texts(params, "ImageId");
  const owners = texts(params, "Owner");
  const own = [...region.images.values()].filter((image) => isVisible(account, image));
  const listsPublic = ids.length > 0 || (owners.length > 0 && !owners.every((one) => one === "self"));
  const all = listsPublic ? [...own, ...freebsdImages(region.name).values()] : own;
  const unknown = ids.filter((id) => !all.some((image) => image.id === id));
  if (unknown.length > 0) {
    throw new AwsError("InvalidAMIID.NotFound", `The image id '[${unknown.join(", ")}]' does not exist`);
  }
  const isOwnedBy = (owner: string) =>
    owners.some((one) => one === owner || (one === "self" && owner === account.accountId));
  const found = all.filter(
    (image) =>
      (ids.length === 0 || ids.includes(image.id)) &&
      (owners.length === 0 || isOwnedBy(image.ownerId)) &&
      passesFilters(params, image.tags, facetsOf(account, image)),
  );
  const { items, nextToken } = page(found, text(params, "MaxResults"), text(params, "NextToken"));
  return { imagesSet: items.map((image) => describe(account, image)), nextToken };
}

export function modifyImageAttribute(_account: Account, region: Region, params: Params) {
  const image = requireOwn(region, text(params, "ImageId") ?? "");
  const imds = text(structure(params, "ImdsSupport"), "Value");
  if (imds !== undefined) {
    if (imds !== "v2.0")
      throw new AwsError("InvalidParameterValue", `Invalid value '${imds}' for imdsSupport.`);
    image.imdsSupport = imds;
  }
  return { return: true };
}

export function describeImageAttribute(_account: Account, region: Region, params: Params) {
  const image = requireOwn(region, text(params, "ImageId") ?? "");
  const imds = image.imdsSupport;
  return { imageId: image.id, ...(imds === undefined ? {} : { imdsSupport: { value: imds } }) };
}

export function deregisterImage(account: Account, region: Region, params: Params) {
  const image = requireOwn(region, text(params, "ImageId") ?? "");
  region.images.delete(image.id);
  const snapshot = region.snapshots.get(image.snapshotId);
  if (text(params, "DeleteAssociatedSnapshots") === "true" && snapshot !== undefined) {
    region.past.snapshots.push({ ...snapshot, goneAt: account.clock.now() });
    region.snapshots.delete(snapshot.id);
    return { return: true, deleteSnapshotResultSet: [{ snapshotId: snapshot.id, returnCode: "success" }] };
  }
  return { return: true };
}

function requireOwn(region: Region, id: string): Image {
  const image = region.images.get(id);
  if (image !== undefined) return image;
  throw new AwsError("InvalidAMIID.NotFound", `The image id '[${id}]' does not exist`);
}

function facetsOf(account: Account, image: Image): Facets {
  return {
    name: [image.name],
    state: [imageState(account, image)],
    "image-id": [image.id],
    architecture: [image.arch === "arm64" ? "arm64" : "x86_64"],
    "owner-id": [image.ownerId],
  };
}

function describe(account: Account, image: Image) {
  const state = imageState(account, image);
  return {
    imageId: image.id,
    imageLocation: `${image.ownerId}/${image.name}`,
    imageState: state,
    imageOwnerId: image.ownerId,
    isPublic: image.ownerId !== account.accountId,
    name: image.name,
    description: image.description,
    architecture: image.arch === "arm64" ? "arm64" : "x86_64",
    imageType: "machine",
    rootDeviceType: "ebs",
    rootDeviceName: "/dev/sda1",
    virtualizationType: "hvm",
    enaSupport: true,
    bootMode: image.arch === "arm64" ? "uefi" : "uefi-preferred",
    imdsSupport: image.imdsSupport,
    creationDate: image.createdAt,
    stateReason:
      state === "failed"
        ? { code: "Client.InternalError", message: "Client.InternalError: Client error on launch" }
        : undefined,
    blockDeviceMapping: [
      {
        deviceName: "/dev/sda1",
        ebs: {
          snapshotId: image.snapshotId,
          volumeSize: image.sizeGib,
          volumeType: "gp3",
          deleteOnTermination: true,
        },
      },
    ],
    tagSet: tagSet(image.tags),
  };
}
