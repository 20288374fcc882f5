import { AwsError, invalidValue } from "../aws-error.ts";
import { integer, type Params, structure, structures, text } from "../form.ts";
import type { Image } from "./resources.ts";

/** The device on which FreeBSD's images have their root (bsdec2-image-upload, registerimage). */
export const ROOT_DEVICE = "/dev/sda1";

/** A volume to make at launch. */
export interface Disk {
  readonly deviceName: string;
  readonly sizeGib: number;
  readonly type: string;
  readonly snapshotId: string | undefined;
  readonly initializationRate: number | undefined;
  readonly deleteOnTermination: boolean;
}

/**
 * The disks of an instance: the image's root, changed by the mapping of the same device name, then those of every
 * other mapping. Whoever misspells the root device gets a second, empty volume, as on EC2.
 */
export function requestedDisks(params: Params, image: Image): readonly Disk[] {
  const mappings = structures(params, "BlockDeviceMapping");
  const root = mappings.find((one) => text(one, "DeviceName") === ROOT_DEVICE) ?? {};
  const others = mappings.filter((one) => text(one, "DeviceName") !== ROOT_DEVICE);
  return [rootDisk(structure(root, "Ebs"), image), ...others.map(dataDisk)];
}

function rootDisk(ebs: Params, image: Image): Disk {
  const sizeGib = integer(ebs, "VolumeSize") ?? image.sizeGib;
  if (sizeGib < image.sizeGib) {
    throw new AwsError(
      "InvalidBlockDeviceMapping",
      `Volume of size ${sizeGib}GB is smaller than snapshot '${image.snapshotId}', expect size >= ${image.sizeGib}GB`,
    );
  }
  return {
    deviceName: ROOT_DEVICE,
    sizeGib,
    type: volumeType(ebs),
    snapshotId: image.snapshotId,
    initializationRate: initializationRate(ebs),
    deleteOnTermination: text(ebs, "DeleteOnTermination") !== "false",
  };
}

function dataDisk(mapping: Params): Disk {
  const deviceName = text(mapping, "DeviceName");
  const ebs = structure(mapping, "Ebs");
  const sizeGib = integer(ebs, "VolumeSize");
  if (deviceName === undefined || sizeGib === undefined) {
    throw new AwsError(
      "InvalidBlockDeviceMapping",
      "Missing device name, or size of a volume without a snapshot",
    );
  }
  return {
    deviceName,
    sizeGib,
    type: volumeType(ebs),
    snapshotId: undefined,
    initializationRate: undefined,
    deleteOnTermination: text(ebs, "DeleteOnTermination") === "true",
  };
}

function volumeType(ebs: Params): string {
  const type = text(ebs, "VolumeType") ?? "gp3";
  if (["gp2", "gp3", "io1", "io2", "st1", "sc1", "standard"].includes(type)) return type;
  throw invalidValue(`Invalid value '${type}' for VolumeType.`);
}

/** VolumeInitializationRate, in MiB/s: 100 to 300 (EC2 API, EbsBlockDevice). */
function initializationRate(ebs: Params): number | undefined {
  const rate = integer(ebs, "VolumeInitializationRate");
  if (rate === undefined || (rate >= 100 && rate <= 300)) return rate;
  throw invalidValue(
    `Volume initialization rate of ${rate} is invalid. Specify a value from 100 to 300 MiB/s.`,
  );
}
