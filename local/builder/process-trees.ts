import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { VirtualClock } from "../clock/virtual-clock.ts";
import { Requests } from "./requests.ts";

/** A command that runs on the machine. */
export interface RunningCommand {
  readonly child: ChildProcess;
  /** To be called once the command was answered: only what it left behind in the background counts from then on. */
  answered(): void;
  /** What happens to a command whose connection breaks. What runs under nohup(1) does not hear it. */
  hangUp(): void;
}

interface Tree {
  readonly child: ChildProcess;
  /** Lets go of the clock for the command itself. */
  readonly releaseCommand: () => void;
  /** Lets go of the clock for all of its descendants, detached ones too. */
  releaseTree: () => void;
  /** How many detached descendants let simulated time pass just now. */
  sleeping: number;
}

/** All processes of one machine. While one of them works, the machine's time stands still. */
export class ProcessTrees {
  readonly #clock: VirtualClock;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #trees = new Map<string, Tree>();
  readonly #requests: readonly Requests[];
  #count = 0;

  /**
   * @param folder the machine's
   * @param answers what its processes may ask it for besides time, by the folder of the requests
   */
  constructor(
    folder: string,
    clock: VirtualClock,
    environment: NodeJS.ProcessEnv,
    answers: Readonly<Record<string, (request: string) => Promise<string>>> = {},
  ) {
    this.#clock = clock;
    this.#environment = environment;
    const time = async (request: string) => {
      await this.#letPass(readTimeRequest(request));
      return "";
    };
    this.#requests = Object.entries({ ...answers, time }).map(([name, answer]) => {
      const requests = join(folder, name);
      mkdirSync(requests, { recursive: true });
      return new Requests(requests, answer);
    });
  }

  /** Whether anything runs, detached processes included. */
  get busy(): boolean {
    return this.#trees.size > 0;
  }

  /** Starts `/bin/sh -c command` in `folder`, as sshd does for a session's command. */
  start(command: string, folder: string, variables: NodeJS.ProcessEnv = {}): RunningCommand {
    this.#count += 1;
    const name = String(this.#count);
    const child = spawn("/bin/sh", ["-c", command], {
      cwd: folder,
      detached: true, // a process group of its own, to be ended as a whole
      env: { ...this.#environment, ...variables, NIGHTSHIFT_TREE: name },
      // Every descendant inherits the fourth descriptor, and nobody knows of it, so it closes with the last of them.
      stdio: ["pipe", "pipe", "pipe", "pipe"],
    });
    const tree = { child, releaseCommand: this.#clock.hold(), releaseTree: this.#clock.hold(), sleeping: 0 };
    this.#trees.set(name, tree);
    for (const requests of this.#requests) requests.watch();
    child.stdio[3]?.on("close", () => this.#ended(name));
    child.stdio[3]?.on("error", () => undefined);
    const lifeline = child.stdio[3];
    if (lifeline !== null && lifeline !== undefined && "resume" in lifeline) lifeline.resume();
    child.on("error", () => this.#ended(name));
    return { child, answered: tree.releaseCommand, hangUp: () => signalGroup(child, "SIGHUP") };
  }

  /** Ends everything that runs, as a power switch does. */
  stop(): void {
    for (const [name, { child }] of this.#trees) {
      signalGroup(child, "SIGKILL");
      this.#ended(name);
    }
    for (const requests of this.#requests) requests.stop();
  }

  #ended(name: string): void {
    const tree = this.#trees.get(name);
    this.#trees.delete(name);
    tree?.releaseCommand();
    tree?.releaseTree();
    if (!this.busy) for (const requests of this.#requests) requests.rest();
  }

  /**
   * Lets simulated time pass for a process. A detached one sleeps on the clock, like everybody else. A command that
   * somebody waits for cannot: whoever asked holds the clock until the answer is there, so the time it takes is a
   * latency of the call.
   */
  async #letPass(request: TimeRequest): Promise<void> {
    const tree = this.#trees.get(request.tree);
    const milliseconds = request.seconds * 1000;
    if (tree === undefined || !request.detached) return this.#clock.advance(milliseconds);
    tree.sleeping += 1;
    if (tree.sleeping === 1) tree.releaseTree();
    await this.#clock.sleep(milliseconds);
    tree.sleeping -= 1;
    if (tree.sleeping === 0 && this.#trees.has(request.tree)) tree.releaseTree = this.#clock.hold();
  }
}

/** A process that wants simulated time to pass. */
interface TimeRequest {
  /** The tree that the process belongs to. */
  readonly tree: string;
  /** Whether it runs under nohup(1). */
  readonly detached: boolean;
  readonly seconds: number;
}

/** The words TREE, DETACHED (yes or no) and SECONDS. */
function readTimeRequest(request: string): TimeRequest {
  const [tree = "", detached, seconds] = request.trim().split(" ");
  return { tree, detached: detached === "yes", seconds: Number(seconds) };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended by itself in the meantime.
  }
}
