import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DiskCapture, Machine, MachineSpec } from "../builder/contract.ts";
import { nextAddress } from "./address.ts";
import { consoleAt, planBoot } from "./boot.ts";
import { copyTree } from "./copy-tree.ts";
import { machineEnvironment } from "./environment.ts";
import { type HostKey, makeHostKeys } from "./host-keys.ts";
import { ProcessTrees } from "./process-tree.ts";
import { layOutDisk } from "./skeleton.ts";
import { makeSshd, type Sshd } from "./sshd.ts";

/** Starts a machine. See the contract. */
export async function startMachine(spec: MachineSpec): Promise<Machine> {
  const machine = new RehearsedMachine(spec);
  machine.boot();
  return machine;
}

class RehearsedMachine implements Machine {
  readonly address = nextAddress();
  readonly #spec: MachineSpec;
  readonly #disk: string;
  readonly #root: string;
  readonly #hostKeys = makeHostKeys();
  readonly #trees: ProcessTrees;
  readonly #plan;
  readonly #sshd: Sshd;
  #stopped = false;
  #hasRebooted = false;

  constructor(spec: MachineSpec) {
    this.#spec = spec;
    this.#disk = join(spec.folder, "disk");
    this.#root = join(spec.folder, "root");
    this.#plan = planBoot(spec.image.release, spec.image.arch, spec.volumeInitializationRateMibPerSecond);
    this.#trees = new ProcessTrees(spec.folder, spec.clock, environmentOf(spec, this.#root));
    this.#sshd = makeSshd({
      hostKeys: presentedKeys(spec, this.#hostKeys),
      authorizedKey: spec.authorizedKey,
      start: (command) => this.#trees.start(command, this.#root),
      onCommand: spec.onCommand ?? (async () => undefined),
    });
    layOutDisk(this.#disk, spec.image);
    this.#layOutMemoryDisk();
  }

  /** Lets sshd listen when its time has come, unless the machine never gets that far. */
  boot(): void {
    if (this.#spec.faults.neverBoots === true) return;
    void this.#spec.clock.sleep(this.#plan.sshdAfterSeconds * 1000).then(async () => {
      if (this.#stopped) return;
      await this.#spec.clock.during(() => this.#sshd.listen(this.address, this.#spec.sshPort));
    });
  }

  consoleOutput(): string {
    const seconds = (this.#spec.clock.now().getTime() - this.#spec.launchedAt.getTime()) / 1000;
    return consoleAt(this.#plan, seconds, this.#hostKeys, this.#spec.faults.neverBoots === true);
  }

  async reboot(): Promise<void> {
    this.#trees.stop();
    this.#sshd.close();
    this.#hasRebooted = true;
    // What boots now is the product: its first boot happens on the very disk that is to be the image.
    rmSync(join(this.#disk, "firstboot"), { force: true });
    writeFileSync(join(this.#disk, "etc/ssh/ssh_host_ed25519_key"), "made by the first boot\n");
    mkdirSync(join(this.#disk, "home/ec2-user/.ssh"), { recursive: true });
    writeFileSync(
      join(this.#disk, "home/ec2-user/.ssh/authorized_keys"),
      `${this.#spec.authorizedKey ?? ""}\n`,
    );
  }

  async captureDisk(target: string): Promise<DiskCapture> {
    copyTree(this.#disk, target);
    const mounts = readFileSync(join(this.#spec.folder, "mounts"), "utf8").split("\n").filter(Boolean);
    const problems = [
      ...(this.#hasRebooted
        ? [
            "the machine was rebooted: the product's first boot is over, with host keys and authorized keys on the disk",
          ]
        : mounts.map((line) => `${line.split(" ")[1]?.slice(this.#root.length)} was mounted`)),
      ...(this.#trees.busy ? ["something was still running on the builder"] : []),
    ];
    return { problems };
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#trees.stop();
    this.#sshd.close();
    writeFileSync(join(this.#spec.folder, "console.log"), this.consoleOutput());
  }

  /** The memory disk that a builder runs from, with the volume mounted at /mnt. */
  #layOutMemoryDisk(): void {
    for (const folder of ["etc", "tmp", "var/run", "home/ec2-user", "root"]) {
      mkdirSync(join(this.#root, folder), { recursive: true });
    }
    writeFileSync(join(this.#root, "etc/resolv.conf"), "nameserver 169.254.169.253\n");
    writeFileSync(join(this.#root, "etc/freebsd-version"), `${this.#spec.image.release}-RELEASE\n`);
    symlinkSync("../disk", join(this.#root, "mnt"));
    writeFileSync(join(this.#spec.folder, "mounts"), `/dev/gpt/rootfs ${this.#root}/mnt ufs rw 1 1\n`);
    writeFileSync(join(this.#spec.folder, "owners"), "");
  }
}

function environmentOf(spec: MachineSpec, root: string): NodeJS.ProcessEnv {
  const network = spec.faults.packagesUnreachable === true ? { STAND_IN_NO_NETWORK: "1" } : {};
  return { ...machineEnvironment(spec.folder, root), HOME: join(root, "home/ec2-user"), ...network };
}

function presentedKeys(spec: MachineSpec, shown: readonly HostKey[]): readonly HostKey[] {
  return spec.faults.hostKeyMismatch === true ? makeHostKeys() : shown;
}
