import type { Account } from "../account.ts";
import { invalidValue } from "../aws-error.ts";
import { isTrue, type Params, structure, text, texts } from "../form.ts";
import { ROOT_DEVICE } from "./block-devices.ts";
import type { Ec2 } from "./ec2.ts";
import { applyFilters, type Facets, page, selectById } from "./filters.ts";
import { imageState, requireAvailable, requireOwnImage } from "./image-state.ts";
import { ec2Architecture } from "./instance-types.ts";
import { noImage } from "./not-found.ts";
import type { Region } from "./region.ts";
import type { Image } from "./resources.ts";
import { tagSet } from "./tags.ts";

/** DescribeImages: the account's own images and FreeBSD's public ones. */
export function describeImages({ account }: Ec2, region: Region, params: Params) {
  const owners = texts(params, "Owner");
  const selected = selectById(
    texts(params, "ImageId"),
    [...region.images.visible(), ...region.freebsdImages()],
    noImage,
  );
  const owned = selected.filter(
    ({ ownerId }) =>
      owners.length === 0 ||
      owners.includes(ownerId) ||
      (owners.includes("self") && ownerId === account.accountId),
  );
  const found = applyFilters(params, owned, (image) => facetsOf(account, image));
  const { items, nextToken } = page(params, found, 1);
  return { imagesSet: items.map((image) => describe(account, image)), nextToken };
}

/** ModifyImageAttribute: ImdsSupport and Description, one at a time. ImdsSupport can only be set, never taken back. */
export function modifyImageAttribute({ account }: Ec2, region: Region, params: Params) {
  const image = requireOwnImage(region, params);
  requireAvailable(account, image);
  const imds = text(structure(params, "ImdsSupport"), "Value");
  if (imds !== undefined) {
    if (imds !== "v2.0") throw invalidValue(`Invalid value '${imds}' for imdsSupport.`);
    image.imdsSupport = imds;
  }
  const description = text(structure(params, "Description"), "Value");
  if (description !== undefined) image.description = description;
  return { return: true };
}

export function describeImageAttribute(_ec2: Ec2, region: Region, params: Params) {
  const image = requireOwnImage(region, params);
  const attribute = text(params, "Attribute");
  if (attribute === "imdsSupport") {
    return {
      imageId: image.id,
      imdsSupport: image.imdsSupport === undefined ? {} : { value: image.imdsSupport },
    };
  }
  if (attribute === "description") return { imageId: image.id, description: { value: image.description } };
  if (attribute === "bootMode") return { imageId: image.id, bootMode: { value: bootModeOf(image) } };
  if (attribute === "launchPermission") return { imageId: image.id, launchPermission: [] };
  throw invalidValue(`Value (${attribute}) for parameter attribute is invalid.`);
}

/** DeregisterImage leaves the snapshot where it is unless DeleteAssociatedSnapshots says otherwise. */
export function deregisterImage(_ec2: Ec2, region: Region, params: Params) {
  const image = requireOwnImage(region, params);
  region.images.remove(image);
  if (!isTrue(params, "DeleteAssociatedSnapshots")) return { return: true };
  const snapshot = region.snapshots.get(image.snapshotId);
  if (snapshot === undefined) return { return: true, deleteSnapshotResultSet: [] };
  region.snapshots.remove(snapshot);
  return { return: true, deleteSnapshotResultSet: [{ snapshotId: snapshot.id, returnCode: "success" }] };
}

function facetsOf(account: Account, image: Image): Facets {
  return {
    name: [image.name],
    description: [image.description],
    state: [imageState(account, image)],
    "image-id": [image.id],
    "image-type": ["machine"],
    architecture: [ec2Architecture(image.arch)],
    "owner-id": [image.ownerId],
    "is-public": [String(image.ownerId !== account.accountId)],
    "root-device-type": ["ebs"],
    "virtualization-type": ["hvm"],
    "block-device-mapping.snapshot-id": [image.snapshotId],
    "creation-date": [image.createdAt.toISOString()],
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
    creationDate: image.createdAt,
    imdsSupport: image.imdsSupport,
    sourceInstanceId: image.sourceInstanceId,
    sourceImageId: image.copiedFrom?.imageId,
    sourceImageRegion: image.copiedFrom?.region,
    ...registered(image),
    stateReason: state === "failed" ? failure() : undefined,
    tagSet: tagSet(image.tags),
  };
}

/** What FreeBSD's images were registered with (bsdec2-image-upload); images made of them inherit it. */
function registered(image: Image) {
  const { snapshotId, sizeGib } = image;
  return {
    architecture: ec2Architecture(image.arch),
    imageType: "machine",
    platformDetails: "Linux/UNIX",
    usageOperation: "RunInstances",
    hypervisor: "xen",
    virtualizationType: "hvm",
    enaSupport: true,
    sriovNetSupport: "simple",
    bootMode: bootModeOf(image),
    rootDeviceType: "ebs",
    rootDeviceName: ROOT_DEVICE,
    blockDeviceMapping: [
      {
        deviceName: ROOT_DEVICE,
        ebs: {
          snapshotId,
          volumeSize: sizeGib,
          volumeType: "gp3",
          deleteOnTermination: true,
          encrypted: false,
        },
      },
    ],
  };
}

function bootModeOf(image: Image): string {
  return image.arch === "arm64" ? "uefi" : "uefi-preferred";
}

function failure() {
  return { code: "Server.InternalError", message: "Server.InternalError: Internal error on image creation" };
}
