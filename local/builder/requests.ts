import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** How often to look while anything runs: often enough not to be noticed, seldom enough not to cost anything. */
const LOOK_EVERY_MILLISECONDS = 4;

/**
 * The way in which processes of a machine ask it for something. One that does leaves a file `PID.ask` in the folder, and
 * waits for `PID.done`, which holds the answer; see stand-ins/machine.sh.
 */
export class Requests {
  readonly #folder: string;
  readonly #answer: (request: string) => Promise<string>;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  /** @param answer carries the request out, and never rejects */
  constructor(folder: string, answer: (request: string) => Promise<string>) {
    this.#folder = folder;
    this.#answer = answer;
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
      if (file.endsWith(".ask")) void this.#carryOut(join(this.#folder, file.slice(0, -".ask".length)));
    }
  }

  async #carryOut(path: string): Promise<void> {
    renameSync(`${path}.ask`, `${path}.asked`); // or the next look would find it again
    const answer = await this.#answer(readFileSync(`${path}.asked`, "utf8"));
    // A stopped machine has nobody who waits, and its folder may be gone.
    if (this.#stopped) return;
    writeFileSync(`${path}.asked`, answer);
    renameSync(`${path}.asked`, `${path}.done`);
  }
}
