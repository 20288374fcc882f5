import { existsSync } from "node:fs";
import { appendFile, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { MachineSpec } from "./contract.ts";
import { copyTree } from "./copy-tree.ts";
import type { HostKey } from "./host-keys.ts";
import { layOutRelease } from "./skeleton.ts";

/**
 * The root volume of a machine. A builder runs from memory and has the volume at /mnt; mounting moves the tree from
 * `disk` to `root/mnt` and unmounting moves it back, so that an unmounted /mnt really is empty.
 */
export class Disk {
  readonly #image: MachineSpec["image"];
  readonly #memory: string;
  readonly #unmounted: string;
  readonly #mounted: string;
  readonly #tree: string | undefined;
  #runsFromMemory: boolean;

  /**
   * @param machine the machine's folder
   * @param tree of an own image; absent: a release is laid out
   */
  constructor(machine: string, image: MachineSpec["image"], tree?: string) {
    this.#image = image;
    this.#tree = tree;
    this.#memory = join(machine, "root");
    this.#mounted = join(machine, "root/mnt");
    this.#unmounted = join(machine, "disk");
    this.#runsFromMemory = image.flavour === "builder";
  }

  /** What commands take for `/`: a builder's memory disk; the volume of anything else. */
  get rootFolder(): string {
    return this.#runsFromMemory ? this.#memory : this.#unmounted;
  }

  /** Where the tree of the volume is now. */
  get folder(): string {
    return existsSync(this.#unmounted) ? this.#unmounted : this.#mounted;
  }

  /** Makes the volume, and the memory disk of a builder with the volume mounted. */
  async layOut(): Promise<void> {
    if (this.#tree !== undefined) return copyTree([this.#tree], this.#unmounted);
    await Promise.all([
      layOutRelease(this.#runsFromMemory ? this.#mounted : this.#unmounted, this.#image),
      ...(this.#runsFromMemory ? [layOutMemoryDisk(this.#memory, this.#image)] : []),
    ]);
  }

  /** A reboot: the memory disk is lost, and the machine runs from its volume. */
  async leaveMemory(): Promise<void> {
    if (this.folder === this.#mounted) await rename(this.#mounted, this.#unmounted);
    await rm(this.#memory, { recursive: true, force: true });
    this.#runsFromMemory = false;
  }

  /**
   * What the first boot from this volume leaves on it: host keys, the login user with its key, and no /firstboot
   * (rc.d/sshd, rc.d/ec2_fetchkey, rc(8)). A later boot changes nothing.
   */
  async firstBoot(hostKeys: readonly HostKey[], authorizedKey: string | undefined): Promise<void> {
    const disk = this.#unmounted;
    if (!existsSync(join(disk, "firstboot"))) return;
    await rm(join(disk, "firstboot"));
    for (const { type, privateKey } of hostKeys) {
      const path = join(disk, "etc/ssh", `ssh_host_${type.toLowerCase()}_key`);
      await writeFile(path, privateKey, { mode: 0o600 });
    }
    await addLoginUser(disk, authorizedKey);
  }

  /** Copies the tree into the empty folder `target`. */
  async copyTo(target: string): Promise<void> {
    await copyTree([this.folder], target);
  }
}

/** The system that rc.amibuilder reroots into: a copy of the builder image, where the first boot took place. */
async function layOutMemoryDisk(root: string, image: MachineSpec["image"]): Promise<void> {
  await layOutRelease(root, image, "builder");
  await rm(join(root, "firstboot"));
  await writeFile(join(root, "etc/resolv.conf"), "search ec2.internal\nnameserver 172.31.0.2\n");
  await addLoginUser(root, undefined);
}

/** rc.d/ec2_fetchkey: `pw useradd ec2-user -m -G wheel`, and the key pair's public key. */
async function addLoginUser(root: string, authorizedKey: string | undefined): Promise<void> {
  await mkdir(join(root, "home/ec2-user/.ssh"), { recursive: true, mode: 0o700 });
  if (authorizedKey !== undefined) {
    await writeFile(join(root, "home/ec2-user/.ssh/authorized_keys"), `${authorizedKey}\n`, { mode: 0o600 });
  }
  const account = "1001:1001";
  const rest = "User &:/home/ec2-user:/bin/sh";
  await appendFile(join(root, "etc/passwd"), `ec2-user:*:${account}:${rest}\n`);
  await appendFile(join(root, "etc/master.passwd"), `ec2-user:*:${account}::0:0:${rest}\n`);
  await appendFile(join(root, "etc/group"), "ec2-user:*:1001:\n");
}
