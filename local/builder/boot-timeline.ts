import type { MachineSpec } from "./contract.ts";

/** When a boot reaches what, in seconds since it began. */
export interface BootTimeline {
  readonly kernelSeconds: number;
  /** The passes of an AMI builder; undefined for images that simply boot. */
  readonly builder:
    | { readonly copyingSeconds: number; readonly rerootSeconds: number; readonly installingSeconds: number }
    | undefined;
  /** rc(8) starts. On a builder, the disk now holds the clean image and is mounted at /mnt. */
  readonly rcSeconds: number;
  readonly sshdSeconds: number;
  /** The block of host keys is complete on the console. */
  readonly hostKeysSeconds: number;
}

/** The part of the disk that the snapshot holds: what a first read has to fetch (ec2-builder.conf: 8000 MB). */
const SNAPSHOT_MIB = 8000;

/** FreeBSD's AMIs have a root volume of 10 GiB; rc.amibuilder copies all of it, used or not. */
const DISK_MIB = 10 * 1024;

/** gp3's baseline throughput, in MiB/s. Nothing goes faster, whatever the initialization rate. */
const VOLUME_MIB_PER_SECOND = 125;

/** What a first read of a cold snapshot was measured to reach without an initialization rate, in MiB/s. */
const COLD_MIB_PER_SECOND = 9;

const FIRMWARE_AND_LOADER_SECONDS = 12;
const KERNEL_SECONDS = 9;
const REROOT_SECONDS = 8;

/** rc(8) until sshd: DHCP, user data, the SSH key, host keys. */
const RC_SECONDS = 24;

/** ec2_loghostkey runs after sshd (REQUIRE: sshd). */
const LOG_HOST_KEY_SECONDS = 3;

/** How long an image takes to boot: about 4 minutes for a builder with an initialization rate, else about 17. */
export function bootTimeline(
  image: MachineSpec["image"],
  volumeInitializationRateMibPerSecond: number | undefined,
): BootTimeline {
  const kernelSeconds = FIRMWARE_AND_LOADER_SECONDS;
  const userlandSeconds = kernelSeconds + KERNEL_SECONDS;
  const builder =
    image.flavour === "builder"
      ? builderPasses(userlandSeconds, volumeInitializationRateMibPerSecond ?? COLD_MIB_PER_SECOND)
      : undefined;
  const installation = Math.ceil(DISK_MIB / VOLUME_MIB_PER_SECOND);
  const rcSeconds = builder === undefined ? userlandSeconds : builder.installingSeconds + installation;
  const sshdSeconds = rcSeconds + RC_SECONDS;
  return {
    kernelSeconds,
    builder,
    rcSeconds,
    sshdSeconds,
    hostKeysSeconds: sshdSeconds + LOG_HOST_KEY_SECONDS,
  };
}

/** freebsd-src, release/tools/rc.amibuilder: copy the disk into memory, reroot there, write the clean image. */
function builderPasses(copyingSeconds: number, rateMibPerSecond: number) {
  const rate = Math.min(rateMibPerSecond, VOLUME_MIB_PER_SECOND);
  const reading = Math.ceil(SNAPSHOT_MIB / rate + (DISK_MIB - SNAPSHOT_MIB) / VOLUME_MIB_PER_SECOND);
  const rerootSeconds = copyingSeconds + reading;
  return { copyingSeconds, rerootSeconds, installingSeconds: rerootSeconds + REROOT_SECONDS };
}
