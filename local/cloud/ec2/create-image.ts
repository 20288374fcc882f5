import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { newId } from "../account.ts";
import { invalidValue } from "../aws-error.ts";
import { isTrue, type Params, requiredText } from "../form.ts";
import type { Ec2 } from "./ec2.ts";
import { instanceState } from "./instance-state.ts";
import { noInstance } from "./not-found.ts";
import type { Region } from "./region.ts";
import { registerImage, requireFreeName } from "./register-image.ts";
import type { Image, Instance } from "./resources.ts";
import { specifiedTags } from "./tags.ts";

/** How long a snapshot of a full first copy takes: about 4 minutes for 10 GiB. */
const CREATE_SECONDS_PER_GIB = 24;

/** CreateImage. It has no client token: its unique name is what makes it safe to repeat. */
export async function createImage({ account }: Ec2, region: Region, params: Params) {
  const instanceId = requiredText(params, "InstanceId");
  const instance = region.instances.get(instanceId);
  if (instance === undefined) throw noInstance([instanceId]);
  if (instanceState(account, instance) !== "running") {
    throw invalidValue(
      `Invalid value '${instanceId}' for instanceId. Instance is not in state 'running' or 'stopped'`,
    );
  }
  const name = requireFreeName(region, params);
  const imageId = newId("ami");
  // The name is taken from here on: capturing the disk takes real time, in which the same request may come again.
  const image = registerImage(account, region, params, {
    id: imageId,
    name,
    ...productOf(instance),
    sizeGib: region.volumes.get(instance.disks[0]?.volumeId ?? "")?.sizeGib ?? instance.image.sizeGib,
    volumeId: instance.disks[0]?.volumeId ?? "",
    secondsPerGib: CREATE_SECONDS_PER_GIB,
    fails: account.situations.has("image-failed"),
    imageTags: specifiedTags(params, "image"),
    snapshotTags: specifiedTags(params, "snapshot"),
    sourceInstanceId: instanceId,
    copiedFrom: undefined,
    imdsSupport: undefined,
    tree: { folder: join(account.folder, "images", imageId), problems: [] },
  });
  try {
    await captureDisk(instance, image, !isTrue(params, "NoReboot"));
  } catch (error) {
    forget(region, image); // a call that failed leaves nothing behind
    throw error;
  }
  return { imageId };
}

async function captureDisk(instance: Instance, image: Image, reboots: boolean): Promise<void> {
  if (image.tree === undefined) return;
  if (reboots) await instance.machine.reboot();
  await mkdir(image.tree.folder, { recursive: true });
  const { problems } = await instance.machine.captureDisk(image.tree.folder);
  image.tree.problems.push(...problems);
}

function forget(region: Region, image: Image): void {
  const snapshot = region.snapshots.get(image.snapshotId);
  if (snapshot !== undefined) region.snapshots.remove(snapshot);
  region.images.remove(image);
}

/** What of FreeBSD an image made of this instance holds: a builder makes base images. */
function productOf(instance: Instance) {
  const { release, arch, flavour, filesystem } = instance.image;
  return { release, arch, filesystem, flavour: flavour === "builder" ? ("base" as const) : flavour };
}
