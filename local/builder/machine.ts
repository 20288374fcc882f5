import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeAnswers } from "../host/answers.ts";
import type { HostCondition } from "../host/condition.ts";
import { HostServices } from "../host/services.ts";
import { Boot } from "./boot.ts";
import type { DiskCapture, Machine, MachineSpec, StartMachine } from "./contract.ts";
import { Disk } from "./disk.ts";
import { machineEnvironment } from "./environment.ts";
import { type HostKey, makeHostKeys } from "./host-keys.ts";
import { freeLoopbackAddress } from "./loopback-address.ts";
import { mountedBelowMnt, mountsAfterBoot, writeMounts } from "./mount-table.ts";
import { ProcessTrees } from "./process-trees.ts";
import { freebsdServices, type Services } from "./services.ts";

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
  /** Undefined unless it was launched from an image of the account's own. */
  #host: HostServices | undefined;
  #condition: HostCondition = {};
  #boot: Boot;
  /** What earlier boots printed. */
  #formerConsole = "";
  #hasRebooted = false;
  #isStopped = false;

  constructor(spec: MachineSpec, address: string, hostKeys: readonly HostKey[]) {
    this.#spec = spec;
    this.address = address;
    this.#hostKeys = hostKeys;
    this.#disk = new Disk(spec.folder, spec.image, spec.tree);
    this.#trees = this.#newTrees();
    this.#boot = this.#newBoot(spec.launchedAt, spec.image);
  }

  async powerOn(): Promise<void> {
    const { image, folder, authorizedKey, faults, tree } = this.#spec;
    await this.#disk.layOut();
    await writeMounts(folder, mountsAfterBoot(image));
    await writeFile(join(folder, "owners"), "");
    await writeFile(join(folder, "arch"), `${image.arch}\n`);
    if (faults.packagesUnreachable === true) await writeFile(join(folder, "packages-unreachable"), "");
    if (image.flavour !== "builder") await this.#disk.firstBoot(this.#hostKeys, authorizedKey);
    if (tree !== undefined) await this.setCondition({});
    this.#boot.startServicesInTime();
  }

  get hostKey(): string {
    const key = this.#hostKeys.find(({ type }) => type === "ED25519");
    return key?.publicKey ?? "";
  }

  get root(): string {
    return this.#disk.rootFolder;
  }

  async setCondition(condition: HostCondition): Promise<void> {
    this.#condition = condition;
    await writeAnswers(this.#spec.folder, this.#disk.rootFolder, condition);
    await this.#host?.apply();
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
    this.#boot.startServicesInTime();
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
    const { folder, clock, tree } = this.#spec;
    const environment = machineEnvironment(folder, this.#disk.rootFolder);
    if (tree === undefined) return new ProcessTrees(folder, clock, environment);
    const spiped = async (words: string) =>
      this.#host?.spiped(words.trimEnd().split("\n")) ?? "1 not booted yet";
    return new ProcessTrees(folder, clock, environment, { spiped });
  }

  #newBoot(beganAt: Date, image: MachineSpec["image"]): Boot {
    const common = { spec: this.#spec, hostKeys: this.#hostKeys, trees: this.#trees };
    return new Boot({ ...common, image, beganAt, services: this.#newServices() });
  }

  #newServices(): Services {
    const { rootFolder: root } = this.#disk;
    const common = {
      spec: this.#spec,
      address: this.address,
      hostKeys: this.#hostKeys,
      trees: this.#trees,
      root,
    };
    this.#host = undefined;
    if (this.#spec.tree === undefined) return freebsdServices(common);
    this.#host = new HostServices({ ...common, condition: () => this.#condition });
    return this.#host;
  }
}
