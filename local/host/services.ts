import { rmSync } from "node:fs";
import { join } from "node:path";
import type { MachineSpec } from "../builder/contract.ts";
import { type HostKey, shortHostKeys } from "../builder/host-keys.ts";
import type { ProcessTrees } from "../builder/process-trees.ts";
import type { Services } from "../builder/services.ts";
import { type Login, makeSshd, type Sshd } from "../builder/sshd.ts";
import { keysOnDisk } from "./authorized-keys.ts";
import type { HostCondition, Misbehaviour } from "./condition.ts";
import { misbehaviour } from "./misbehaviour.ts";
import { isOn, rcPipes, readRcConf } from "./rc-conf.ts";
import { scratchFolder } from "./scratch-folder.ts";
import { SpipedProcesses } from "./spiped.ts";

interface HostSetting {
  readonly spec: MachineSpec;
  readonly address: string;
  readonly hostKeys: readonly HostKey[];
  readonly trees: ProcessTrees;
  /** The tree of its disk. */
  readonly root: string;
  readonly condition: () => HostCondition;
}

/**
 * What rc(8) starts on a host, by the rc.conf of its own disk: sshd, which only the host itself can reach, and spiped's pipes.
 */
export class HostServices implements Services {
  readonly #setting: HostSetting;
  readonly #sockets = scratchFolder("host");
  readonly #pipes: SpipedProcesses;
  #sshd: Sshd | undefined;
  #isUp = false;
  #applied: Misbehaviour | undefined;

  constructor(setting: HostSetting) {
    this.#setting = setting;
    const { root, address, spec, condition } = setting;
    this.#pipes = new SpipedProcesses({
      ...{ root, address, socketFolder: this.#sockets, sshd: { path: join(this.#sockets, "sshd") } },
      resolve: spec.resolve ?? (() => undefined),
      isSilent: () => condition().misbehaves === "silent",
    });
  }

  async start(): Promise<void> {
    this.#isUp = true;
    await this.#startAll();
  }

  end(): void {
    this.#isUp = false;
    this.#sshd?.close();
    this.#pipes.end();
    rmSync(this.#sockets, { recursive: true, force: true });
  }

  /** Runs spiped(1) for the stand-in of that name. Returns "STATUS MESSAGE". */
  async spiped(words: readonly string[]): Promise<string> {
    if (!this.#isUp) return "1 the host is not up";
    const { status, message } = await this.#pipes.run(words);
    return `${status} ${message}`;
  }

  /** Brings sshd and the pipes into the host's condition. When that is another one, connections break. */
  async apply(): Promise<void> {
    if (!this.#isUp || this.#setting.condition().misbehaves === this.#applied) return;
    this.#sshd?.close();
    this.#sshd = undefined;
    this.#pipes.end();
    await this.#startAll();
  }

  async #startAll(): Promise<void> {
    const settings = readRcConf(this.#setting.root);
    const { misbehaves } = this.#setting.condition();
    this.#applied = misbehaves;
    if (misbehaves === "dark") return;
    if (misbehaves !== "target-down" && isOn(settings, "sshd_enable"))
      await this.#startSshd(misbehaves, settings.get("sshd_flags") ?? "");
    for (const { options } of rcPipes(settings)) await this.#pipes.run(options);
  }

  async #startSshd(misbehaves: Misbehaviour | undefined, flags: string): Promise<void> {
    const { spec, hostKeys, trees, root } = this.#setting;
    const path = join(this.#sockets, "sshd");
    rmSync(path, { force: true });
    this.#sshd = makeSshd({
      hostKeys: misbehaves === "other-host-key" ? shortHostKeys() : hostKeys,
      keysOf: (user) => keysOnDisk(root, user, flags),
      start: (asked, login) => trees.start(commandOf(asked, login), root, variablesOf(asked, login, root)),
      onCommand: spec.onCommand ?? (async () => undefined),
      misbehave: misbehaviour(misbehaves),
    });
    await this.#sshd.listen({ path });
  }
}

/** What the login shell is given. Forced commands say where they are on the host; its tree is somewhere else. */
function commandOf(asked: string | undefined, { forcedCommand }: Login): string {
  if (forcedCommand === undefined) return asked ?? "/bin/sh";
  return forcedCommand.startsWith("/") ? `"$NIGHTSHIFT_ROOT"${forcedCommand}` : forcedCommand;
}

/** What sshd(8) puts into the environment ("LOGIN PROCESS", and SSH_ORIGINAL_COMMAND of ssh(1)). */
function variablesOf(
  asked: string | undefined,
  { user, forcedCommand }: Login,
  root: string,
): NodeJS.ProcessEnv {
  const home = user === "root" ? "/root" : `/home/${user}`;
  const original = forcedCommand === undefined || asked === undefined ? {} : { SSH_ORIGINAL_COMMAND: asked };
  return { USER: user, LOGNAME: user, HOME: join(root, home), ...original };
}
