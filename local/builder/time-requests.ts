import { readdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";

/** A process that wants simulated time to pass. */
export interface TimeRequest {
  /** The tree that the process belongs to. */
  readonly tree: string;
  /** Whether it runs under nohup(1). */
  readonly detached: boolean;
  readonly seconds: number;
}

/** How often to look while anything runs: often enough not to be noticed, seldom enough not to cost anything. */
const LOOK_EVERY_MILLISECONDS = 4;

/**
 * The way in which processes of a machine let simulated time pass. One that wants to leaves a file `PID.ask`, of the
 * words TREE, DETACHED (yes or no) and SECONDS, and waits for `PID.done`; see stand-ins/machine.sh.
 */
export class TimeRequests {
  readonly #folder: string;
  readonly #letPass: (request: TimeRequest) => Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  /** @param letPass resolves when the time has passed */
  constructor(folder: string, letPass: (request: TimeRequest) => Promise<void>) {
    this.#folder = folder;
    this.#letPass = letPass;
  }

  /** Looks for requests until told to rest. */
  watch(): void {
    if (!this.#stopped) this.#timer ??= setInterval(() => this.#look(), LOOK_EVERY_MILLISECONDS);
  }

  rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Answers nobody any more. */
  stop(): void {
    this.#stopped = true;
    this.rest();
  }

  #look(): void {
    for (const file of readdirSync(this.#folder)) {
      if (file.endsWith(".ask")) void this.#answer(join(this.#folder, file.slice(0, -".ask".length)));
    }
  }

  async #answer(path: string): Promise<void> {
    renameSync(`${path}.ask`, `${path}.asked`); // or the next look would find it again
    const [tree = "", detached, seconds] = readFileSync(`${path}.asked`, "utf8").trim().split(" ");
    await this.#letPass({ tree, detached: detached === "yes", seconds: Number(seconds) });
    // A stopped machine has nobody who waits, and its folder may be gone.
    if (!this.#stopped) renameSync(`${path}.asked`, `${path}.done`);
  }
}
