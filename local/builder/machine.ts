import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Boot } from "./boot.ts";
import type { DiskCapture, Machine, MachineSpec, StartMachine } from "./contract.ts";
import { Disk } from "./disk.ts";
import { machineEnvironment } from "./environment.ts";
import { type HostKey, makeHostKeys } from "./host-keys.ts";
import { freeLoopbackAddress } from "./loopback-address.ts";
import { mountedBelowMnt, mountsAfterBoot, writeMounts } from "./mount-table.ts";
import { ProcessTrees } from "./process-trees.ts";

/** What GetConsoleOutput keeps (EC2 API reference, GetConsoleOutput). */
const CONSOLE_BYTES = 64 * 1024;

/** Starts a machine, which boots on the virtual clock. See the contract. */
export const startMachine: StartMachine = async (spec) => {
  const address = await freeLoopbackAddress(spec.sshPort);
  const machine = new RehearsedMachine(spec, address, await makeHostKeys());
  await machine.powerOn();
  return machine;
};

class RehearsedMachine implements Machine {
  readonly address: string;
  readonly #spec: MachineSpec;
  readonly #hostKeys: readonly HostKey[];
  readonly #disk: Disk;
  #trees: ProcessTrees;
  #boot: Boot;
  /** What earlier boots printed. */
  #formerConsole = "";
  #hasRebooted = false;
  #isStopped = false;

  constructor(spec: MachineSpec, address: string, hostKeys: readonly HostKey[]) {
    this.#spec = spec;
    this.address = address;
    this.#hostKeys = hostKeys;
    this.#disk = new Disk(spec.folder, spec.image);
    this.#trees = this.#newTrees();
    this.#boot = this.#newBoot(spec.launchedAt, spec.image);
  }

  async powerOn(): Promise<void> {
    const { image, folder, authorizedKey, faults } = this.#spec;
    await this.#disk.layOut();
    await writeMounts(folder, mountsAfterBoot(image));
    await writeFile(join(folder, "owners"), "");
    await writeFile(join(folder, "arch"), `${image.arch}\n`);
    if (faults.packagesUnreachable === true) await writeFile(join(folder, "packages-unreachable"), "");
    if (image.flavour !== "builder") await this.#disk.firstBoot(this.#hostKeys, authorizedKey);
    this.#boot.startSshdInTime(this.address);
  }

  consoleOutput(): string {
    return (this.#formerConsole + this.#boot.console()).slice(-CONSOLE_BYTES);
  }

  /** The memory disk is lost; what boots is the product on the volume, and its first boot changes it for good. */
  async reboot(): Promise<void> {
    this.#boot.end();
    this.#formerConsole = this.consoleOutput();
    const product = { ...this.#spec.image, flavour: "base" } as const;
    await this.#disk.leaveMemory();
    await writeMounts(this.#spec.folder, mountsAfterBoot(product));
    await this.#disk.firstBoot(this.#hostKeys, this.#spec.authorizedKey);
    this.#hasRebooted = true;
    this.#trees = this.#newTrees();
    this.#boot = this.#newBoot(this.#spec.clock.now(), product);
    this.#boot.startSshdInTime(this.address);
  }

  async captureDisk(target: string): Promise<DiskCapture> {
    const problems = await this.#problems();
    await mkdir(target, { recursive: true });
    await this.#disk.copyTo(target);
    return { problems };
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#boot.end();
    // For whoever looks at a rehearsal afterwards; EC2 keeps the last output for a while as well.
    await writeFile(join(this.#spec.folder, "console.log"), this.consoleOutput());
  }

  async #problems(): Promise<string[]> {
    if (this.#hasRebooted || this.#spec.image.flavour !== "builder") {
      return [
        "the product has booted from the disk: its first boot is over, and host keys and an authorized key are on it",
      ];
    }
    if (!this.#boot.hasReachedRc) return ["the builder had not yet written the clean image onto the disk"];
    const mounted = await mountedBelowMnt(this.#spec.folder);
    return [
      ...mounted.map((place) => `the file system at ${place} was mounted, and is marked dirty`),
      ...(this.#trees.busy ? ["a command was still running on the builder"] : []),
    ];
  }

  #newTrees(): ProcessTrees {
    const { folder, clock } = this.#spec;
    return new ProcessTrees(folder, clock, machineEnvironment(folder, this.#disk.rootFolder));
  }

  #newBoot(beganAt: Date, image: MachineSpec["image"]): Boot {
    const { rootFolder: root } = this.#disk;
    return new Boot({ spec: this.#spec, image, beganAt, hostKeys: this.#hostKeys, trees: this.#trees, root });
  }
}
