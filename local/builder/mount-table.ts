import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { MachineSpec } from "./contract.ts";

/** Something mounted. `place` is as the machine sees it: `/mnt/dev`. */
export interface Mount {
  readonly device: string;
  readonly place: string;
  readonly type: string;
  readonly options: string;
}

/** The datasets that a ZFS image mounts below its root (freebsd-src, release/tools/vmimage.subr). */
const DATASETS = [
  "home",
  "tmp",
  "usr/ports",
  "usr/src",
  "var/audit",
  "var/crash",
  "var/log",
  "var/mail",
  "var/tmp",
];

/** What is mounted once a machine is up: on a builder the memory disk, and the volume at /mnt. */
export function mountsAfterBoot({ flavour, filesystem }: MachineSpec["image"]): Mount[] {
  const devices = { device: "devfs", place: "/dev", type: "devfs", options: "rw" };
  if (flavour !== "builder")
    return [{ device: "/dev/gpt/rootfs", place: "/", type: "ufs", options: "rw" }, devices];
  const memory = { device: "/dev/md0p4", place: "/", type: "ufs", options: "rw" };
  return [memory, devices, ...(filesystem === "zfs" ? zfsMounts() : [UFS_DISK])];
}

const UFS_DISK: Mount = { device: "/dev/nda0p4", place: "/mnt", type: "ufs", options: "rw" };

function zfsMounts(): Mount[] {
  const dataset = { type: "zfs", options: "rw,nfsv4acls" };
  return [
    { device: "zroot/ROOT/default", place: "/mnt", ...dataset },
    ...DATASETS.map((name) => ({ device: `zroot/${name}`, place: `/mnt/${name}`, ...dataset })),
  ];
}

/** Writes the table, one mount a line, for the stand-ins of mount(8) and umount(8), which keep it from then on. */
export async function writeMounts(machine: string, mounts: readonly Mount[]): Promise<void> {
  const lines = mounts.map(({ device, place, type, options }) => `${device} ${place} ${type} ${options}\n`);
  await writeFile(join(machine, "mounts"), lines.join(""));
}

/** The places of the root volume that are mounted now. */
export async function mountedBelowMnt(machine: string): Promise<string[]> {
  const table = await readFile(join(machine, "mounts"), "utf8");
  const places = table.split("\n").map((line) => line.split(" ")[1] ?? "");
  return places.filter((place) => place === "/mnt" || place.startsWith("/mnt/"));
}
