import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { MachineSpec } from "./contract.ts";
import { copyTree } from "./copy-tree.ts";
import { registerPackages } from "./released-packages.ts";

const SKELETON = fileURLToPath(new URL("skeleton", import.meta.url));

/** Folders of a fresh system that nothing is in yet, or nothing that matters here. */
const FOLDERS = [
  "boot/efi", // mount point of the EFI system partition
  "dev",
  "etc/cron.d",
  "etc/rc.conf.d",
  "home",
  "media",
  "mnt",
  "root",
  "tmp",
  "usr/local/bin",
  "usr/local/etc/rc.d",
  "usr/local/sbin",
  "usr/ports",
  "usr/share/keys/pkg/revoked",
  "usr/src",
  "var/audit",
  "var/cache/pkg",
  "var/crash",
  "var/cron/tabs",
  "var/db/freebsd-update",
  "var/log",
  "var/mail",
  "var/run",
  "var/spool",
  "var/tmp",
];

/**
 * Lays out what an image of a FreeBSD release holds when it has never booted, in the parts that a recipe touches or
 * an inspection looks at. Files that are the same for all are in skeleton/any, others in skeleton/14 or skeleton/15.
 * @param flavour which packages it comes with: `base` is what a builder writes onto its volume
 */
export async function layOutRelease(
  root: string,
  image: MachineSpec["image"],
  flavour: "base" | "builder" = "base",
): Promise<void> {
  await copyTree([join(SKELETON, "any"), join(SKELETON, majorOf(image.release) >= 15 ? "15" : "14")], root);
  await Promise.all([...FOLDERS, "bin"].map((folder) => mkdir(join(root, folder), { recursive: true })));
  await Promise.all([
    chmod(join(root, "tmp"), 0o1777),
    writeFile(join(root, "firstboot"), ""),
    writeFile(join(root, "etc/fstab"), fstab(image.filesystem)),
    writeFile(join(root, "bin/freebsd-version"), versionProgram(image.release), { mode: 0o555 }),
    registerPackages(root, image, flavour),
  ]);
}

/** 15 for "15.1". */
export function majorOf(release: string): number {
  return Number.parseInt(release, 10);
}

function fstab(filesystem: "ufs" | "zfs"): string {
  const root = filesystem === "ufs" ? "/dev/gpt/rootfs\t/\tufs\trw\t1\t1\n" : "";
  return `${root}/dev/gpt/efiesp\t/boot/efi\tmsdosfs\trw\t2\t2\n`;
}

/** freebsd-version(1) is a script in which the base system's patches change the first lines. */
function versionProgram(release: string): string {
  return `#!/bin/sh
USERLAND_VERSION="${release}-RELEASE"
KERNEL_VERSION="${release}-RELEASE"
RUNNING_VERSION="${release}-RELEASE"
[ $# -gt 0 ] || set -- -u
wanted=
for option; do
  case $option in
  -*[!kru]* | [!-]* | - | '') echo 'usage: freebsd-version [-kru] [-j jail]' >&2; exit 1 ;;
  esac
  wanted=$wanted$option
done
# In this order, however they are asked for.
case $wanted in *k*) echo "$KERNEL_VERSION" ;; esac
case $wanted in *r*) echo "$RUNNING_VERSION" ;; esac
case $wanted in *u*) echo "$USERLAND_VERSION" ;; esac
`;
}
