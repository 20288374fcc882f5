import {
  CopyImageCommand,
  CreateImageCommand,
  DeleteSnapshotCommand,
  DeleteTagsCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  type EC2Client,
  type Image as Ec2Image,
  type Filter,
  ModifyImageAttributeCommand,
  paginateDescribeImages,
  paginateDescribeInstances,
  paginateDescribeSnapshots,
} from "@aws-sdk/client-ec2";
import type { Settings } from "#platform";
import { NotVisibleYetError } from "../failures.ts";
import type { Image, ImageStore, NewImage } from "../ports.ts";
import { TAG } from "../tags.ts";
import { ec2Clients, errorCode, fromEc2Tags, tagFilters, toEc2Tags, unlessMissing } from "./ec2-clients.ts";

const IMAGE_GONE = ["InvalidAMIID.NotFound", "InvalidAMIID.Unavailable"];
const SNAPSHOT_GONE = ["InvalidSnapshot.NotFound"];

/** AMIs and snapshots in EC2. */
export function ec2ImageStore(settings: Settings): ImageStore {
  const client = ec2Clients(settings);
  return {
    findById: async (region, id) => {
      const found = await unlessMissing(IMAGE_GONE, () =>
        client(region).send(new DescribeImagesCommand({ ImageIds: [id] })),
      );
      return found?.Images?.map(toImage)[0];
    },
    findByName: async (region, name) =>
      (await listOwn(client(region), [{ Name: "name", Values: [name] }]))[0],
    listByTags: (region, tags) => listOwn(client(region), tagFilters(tags)),
    createFromInstance: (region, instanceId, image) => create(client(region), instanceId, image),
    copy: async (toRegion, from, image, token) => {
      const made = await client(toRegion).send(
        new CopyImageCommand({
          Name: image.name,
          Description: image.description,
          SourceRegion: from.region,
          SourceImageId: from.id,
          ClientToken: token,
          TagSpecifications: tagSpecifications(image),
        }),
      );
      return required(made.ImageId, "CopyImage answered without an image id");
    },
    requireImdsV2: async (region, id) => {
      await client(region).send(
        new ModifyImageAttributeCommand({ ImageId: id, ImdsSupport: { Value: "v2.0" } }),
      );
    },
    keep: async (region, image) => {
      await client(region).send(
        new DeleteTagsCommand({
          Resources: [image.id, ...image.snapshotIds],
          Tags: [{ Key: TAG.expiresAt }],
        }),
      );
    },
    remove: (region, image) => remove(client(region), image),
    listSnapshots: async (region, tags) => {
      const pages = paginateDescribeSnapshots(
        { client: client(region) },
        { OwnerIds: ["self"], Filters: tagFilters(tags) },
      );
      const snapshots: { id: string; tags: Readonly<Record<string, string>> }[] = [];
      for await (const page of pages) {
        for (const one of page.Snapshots ?? []) {
          snapshots.push({ id: one.SnapshotId ?? "", tags: fromEc2Tags(one.Tags) });
        }
      }
      return snapshots;
    },
    removeSnapshot: async (region, id) => {
      try {
        await unlessMissing(SNAPSHOT_GONE, () =>
          client(region).send(new DeleteSnapshotCommand({ SnapshotId: id })),
        );
        return true;
      } catch (error) {
        if (errorCode(error) === "InvalidSnapshot.InUse") return false;
        throw error;
      }
    },
    countInstancesOf: (region, imageId) => countInstances(client(region), imageId),
  };
}

async function create(client: EC2Client, instanceId: string, image: NewImage): Promise<string> {
  try {
    const made = await client.send(
      new CreateImageCommand({
        InstanceId: instanceId,
        Name: image.name,
        Description: image.description,
        NoReboot: true, // a reboot would boot the product and bake its first boot into the image
        TagSpecifications: tagSpecifications(image),
      }),
    );
    return required(made.ImageId, "CreateImage answered without an image id");
  } catch (error) {
    // CreateImage has no client token; its unique name is what makes it safe to repeat. The first call's image
    // may not show in DescribeImages yet, though its name is taken.
    if (errorCode(error) !== "InvalidAMIName.Duplicate") throw error;
    const existing = (await listOwn(client, [{ Name: "name", Values: [image.name] }]))[0];
    if (existing !== undefined) return existing.id;
    throw new NotVisibleYetError(`image ${image.name} exists but does not show yet`);
  }
}

async function remove(client: EC2Client, image: Image): Promise<void> {
  const gone = await unlessMissing(IMAGE_GONE, () =>
    client.send(new DeregisterImageCommand({ ImageId: image.id, DeleteAssociatedSnapshots: true })),
  );
  // Deregistering succeeds even when a snapshot could not be deleted; then nothing would ever find that one again.
  for (const { SnapshotId, ReturnCode } of gone?.DeleteSnapshotResults ?? []) {
    if (ReturnCode === "success" || SnapshotId === undefined) continue;
    await unlessMissing(SNAPSHOT_GONE, () => client.send(new DeleteSnapshotCommand({ SnapshotId })));
  }
}

async function listOwn(client: EC2Client, filters: Filter[]): Promise<Image[]> {
  const images: Image[] = [];
  for await (const page of paginateDescribeImages({ client }, { Owners: ["self"], Filters: filters })) {
    images.push(...(page.Images ?? []).map(toImage));
  }
  return images;
}

async function countInstances(client: EC2Client, imageId: string): Promise<number> {
  const alive = ["pending", "running", "shutting-down", "stopping", "stopped"];
  const filters = [
    { Name: "image-id", Values: [imageId] },
    { Name: "instance-state-name", Values: alive },
  ];
  let count = 0;
  for await (const page of paginateDescribeInstances({ client }, { Filters: filters })) {
    for (const reservation of page.Reservations ?? []) count += reservation.Instances?.length ?? 0;
  }
  return count;
}

function toImage(image: Ec2Image): Image {
  const disks = image.BlockDeviceMappings?.flatMap(({ Ebs }) => (Ebs === undefined ? [] : [Ebs])) ?? [];
  return {
    id: image.ImageId ?? "",
    name: image.Name ?? "",
    state: image.State === "available" ? "available" : isComing(image.State) ? "pending" : "broken",
    stateReason: [image.State, image.StateReason?.Message].filter(Boolean).join(": "),
    createdAt: new Date(image.CreationDate ?? 0),
    arch: image.Architecture === "arm64" ? "arm64" : "amd64",
    rootSnapshotGib: disks[0]?.VolumeSize ?? 0,
    rootDeviceName: image.RootDeviceName ?? "/dev/sda1",
    snapshotIds: disks.flatMap(({ SnapshotId }) => (SnapshotId === undefined ? [] : [SnapshotId])),
    tags: fromEc2Tags(image.Tags),
  };
}

// ImageState also has `transient` (rarely seen, on the way); failed, error, invalid, disabled and deregistered
// will never become available. The SDK's waiter knows only `failed`.
function isComing(state: string | undefined): boolean {
  return state === "pending" || state === "transient";
}

function tagSpecifications(image: NewImage) {
  return (["image", "snapshot"] as const).map((ResourceType) => ({
    ResourceType,
    Tags: toEc2Tags(image.tags),
  }));
}

function required(value: string | undefined, message: string): string {
  if (value === undefined) throw new Error(message);
  return value;
}
