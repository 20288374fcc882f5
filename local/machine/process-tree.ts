import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { VirtualClock } from "../clock/virtual-clock.ts";

/** How often to look for processes that ask for simulated time, while any process runs. */
const LOOK_EVERY_MILLISECONDS = 4;

/** Runs commands in the machine's shell; while they work, the time stands still. */
export class ProcessTrees {
  readonly #folder: string;
  readonly #clock: VirtualClock;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #running = new Map<number, { child: ChildProcess; release: () => void }>();
  readonly #asked = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #count = 0;
  #stopped = false;

  constructor(folder: string, clock: VirtualClock, environment: NodeJS.ProcessEnv) {
    this.#folder = join(folder, "time");
    this.#clock = clock;
    this.#environment = environment;
    mkdirSync(this.#folder, { recursive: true });
  }

  /** Whether anything still runs, detached processes included. */
  get busy(): boolean {
    return this.#running.size > 0;
  }

  /**
   * Starts `/bin/sh -c command`. A fourth descriptor is inherited by every descendant, so that its end tells when
   * the last of them, a detached one too, has ended.
   */
  start(command: string, folder: string): ChildProcess {
    this.#count += 1;
    const tree = this.#count;
    const child = spawn("/bin/sh", ["-c", command], {
      cwd: folder,
      detached: true, // a process group of its own, to be ended as a whole
      env: { ...this.#environment, STAND_IN_TIME: this.#folder, STAND_IN_TREE: String(tree) },
      stdio: ["pipe", "pipe", "pipe", "pipe"],
    });
    this.#running.set(tree, { child, release: this.#clock.hold() });
    this.#timer ??= setInterval(() => this.#answerRequests(), LOOK_EVERY_MILLISECONDS);
    child.stdio[3]?.on("close", () => this.#ended(tree));
    (child.stdio[3] as NodeJS.ReadableStream | null)?.resume();
    child.on("error", () => this.#ended(tree));
    return child;
  }

  /** Ends everything that runs. */
  stop(): void {
    this.#stopped = true;
    for (const [tree, { child }] of this.#running) {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      } catch {
        // It has ended by itself in the meantime.
      }
      this.#ended(tree);
    }
  }

  #ended(tree: number): void {
    this.#running.get(tree)?.release();
    this.#running.delete(tree);
    if (this.#running.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** A stand-in that takes simulated time leaves `TREE.PID.ask` with the seconds, and waits for `TREE.PID.done`. */
  #answerRequests(): void {
    for (const file of readdirSync(this.#folder)) {
      if (!file.endsWith(".ask") || this.#asked.has(file)) continue;
      this.#asked.add(file);
      void this.#letTimePass(file);
    }
  }

  async #letTimePass(file: string): Promise<void> {
    const seconds = Number(readFileSync(join(this.#folder, file), "utf8"));
    const entry = this.#running.get(Number(file.split(".")[0]));
    entry?.release();
    await this.#clock.sleep(seconds * 1000);
    if (this.#stopped) return; // nobody waits any more, and the folder may be gone
    if (entry !== undefined) entry.release = this.#clock.hold();
    if (!this.busy) entry?.release();
    rmSync(join(this.#folder, file), { force: true });
    this.#asked.delete(file);
    writeFileSync(join(this.#folder, file.replace(/ask$/, "done")), "");
  }
}
