import { type BootTimeline, bootTimeline } from "./boot-timeline.ts";
import { bootLines, type ConsoleLine, consoleText } from "./console.ts";
import type { MachineSpec } from "./contract.ts";
import type { HostKey } from "./host-keys.ts";
import type { ProcessTrees } from "./process-trees.ts";
import type { Services } from "./services.ts";

/** A boot of a machine, from power-on or reboot to the next. */
export class Boot {
  readonly #spec: MachineSpec;
  readonly #beganAt: Date;
  readonly #timeline: BootTimeline;
  readonly #lines: ConsoleLine[];
  readonly #services: Services;
  readonly #trees: ProcessTrees;
  #listens = false;
  #hasEnded = false;

  /** @param setting.image what boots now: after a reboot of a builder, the product */
  constructor(setting: {
    readonly spec: MachineSpec;
    readonly image: MachineSpec["image"];
    readonly beganAt: Date;
    readonly hostKeys: readonly HostKey[];
    readonly trees: ProcessTrees;
    readonly services: Services;
  }) {
    const { spec, image, hostKeys, trees, services } = setting;
    this.#spec = spec;
    this.#beganAt = setting.beganAt;
    this.#timeline = bootTimeline(image, spec.volumeInitializationRateMibPerSecond);
    this.#lines = bootLines(image, this.#timeline, hostKeys);
    this.#trees = trees;
    this.#services = services;
  }

  /** Whether the clean image is on the volume; before that, there is nothing to keep. */
  get hasReachedRc(): boolean {
    return this.#shownSeconds() >= this.#timeline.rcSeconds;
  }

  /** Starts the services when their time has come, unless the machine never gets that far. */
  startServicesInTime(): void {
    const { clock, faults } = this.#spec;
    if (faults.neverBoots === true) return;
    const due = this.#beganAt.getTime() + this.#timeline.sshdSeconds * 1000;
    void clock.sleep(due - clock.now().getTime()).then(() => clock.during(() => this.#start()));
  }

  /** All that this boot has printed up to now. */
  console(): string {
    return consoleText(this.#lines, this.#shownSeconds());
  }

  /** Ends all that runs. */
  end(): void {
    this.#hasEnded = true;
    this.#services.end();
    this.#trees.stop();
  }

  async #start(): Promise<void> {
    if (this.#hasEnded) return;
    try {
      await this.#services.start();
      this.#listens = true;
      if (this.#hasEnded) this.#services.end();
    } catch (error) {
      // What sshd does: it says so, and the machine goes on without it.
      const text = `sshd: error: Bind to port failed: ${String(error)}`;
      this.#lines.push({ atSeconds: 0, text });
    }
  }

  /** Seconds since the boot began; no further than sshd while that does not listen, however the clock was moved. */
  #shownSeconds(): number {
    const seconds = (this.#spec.clock.now().getTime() - this.#beganAt.getTime()) / 1000;
    const { builder, rcSeconds, sshdSeconds } = this.#timeline;
    if (this.#spec.faults.neverBoots === true)
      return Math.min(seconds, builder?.installingSeconds ?? rcSeconds - 1);
    return this.#listens ? seconds : Math.min(seconds, sshdSeconds - 1);
  }
}
