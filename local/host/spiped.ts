import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import { type Address, dial, readKey, type SpipedKey, serve } from "#spiped";
import { Pipe } from "./pipe.ts";
import { readOptions, type SpipedOptions } from "./spiped-options.ts";

const DAEMON = fileURLToPath(new URL("../builder/stand-ins/spiped-daemon", import.meta.url));

/** The network of a host, as far as pipes use it. */
export interface HostNetwork {
  /** The tree of the host. */
  readonly root: string;
  /** Where the host is on loopback. All its addresses are this one: 127.0.0.1 and 0.0.0.0 as well. */
  readonly address: string;
  /** A short path for sockets of its own. */
  readonly socketFolder: string;
  /** Where the host's sshd listens: its port 22. */
  readonly sshd: Address;
  /** The address of another host by its name. Undefined: there is no such name. */
  readonly resolve: (name: string) => string | undefined;
  /** True: what comes in is left waiting, and nobody says anything. */
  readonly isSilent: () => boolean;
}

interface Running {
  readonly child: ChildProcess;
  end(): void;
}

type OpenPipe = Pick<Pipe, "drain" | "kill">;

/**
 * The spiped processes of one host. Each is a real process, which pid files name and signals end; the bytes are moved here,
 * by #spiped. Sources are fixed when one starts, and the names of targets are looked up for each connection.
 */
export class SpipedProcesses {
  readonly #network: HostNetwork;
  readonly #running = new Set<Running>();
  #count = 0;

  constructor(network: HostNetwork) {
    this.#network = network;
  }

  /** Runs spiped(1) with options, as from the command line. Returns its exit status and what it would say. */
  async run(words: readonly string[]): Promise<{ readonly status: number; readonly message: string }> {
    const options = readOptions(words);
    if (options === undefined)
      return { status: 1, message: "usage: spiped {-e | -d} -s SOURCE -t TARGET -k KEY" };
    const daemon = this.#daemon(words, options);
    try {
      await daemon.open();
    } catch (error) {
      daemon.child.kill("SIGKILL");
      const message = error instanceof Error ? error.message : String(error);
      // With -D it is in the background by now, and nobody hears of it (spiped 1.6, main.c).
      return options.atOnce ? { status: 0, message: "" } : { status: 1, message };
    }
    return { status: 0, message: "" };
  }

  /** Ends all of them, as a power switch does. */
  end(): void {
    for (const { child, end } of this.#running) {
      end();
      child.kill("SIGKILL");
    }
    this.#running.clear();
  }

  /** The process, with its pid file. It moves nothing yet. */
  #daemon(words: readonly string[], options: SpipedOptions) {
    const child = spawn("/bin/sh", [DAEMON, ...words], { cwd: "/", stdio: ["pipe", "pipe", "ignore"] });
    child.stdin.on("error", () => undefined); // it has ended
    writeFileSync(this.#path(options.pidFile), `${child.pid}\n`);
    let pipe: OpenPipe | undefined;
    let hasEnded = false;
    const running: Running = {
      child,
      end: () => {
        hasEnded = true;
        pipe?.kill();
      },
    };
    this.#running.add(running);
    child.on("exit", () => {
      running.end();
      this.#running.delete(running);
    });
    // All that it says is that it was sent SIGTERM.
    child.stdout.on("data", () => void pipe?.drain().then(() => child.stdin.end()));
    const open = async () => {
      pipe = await this.#open(options);
      if (hasEnded) pipe.kill();
    };
    return { child, open };
  }

  async #open(options: SpipedOptions): Promise<OpenPipe> {
    const key = readKey(readFileSync(this.#path(options.keyFile)));
    if ("path" in options.source) throw new Error("a rehearsed spiped listens on TCP");
    const source = { host: this.#network.address, port: options.source.port };
    const inner = options.mode === "decrypt" ? await this.#decrypting(options, key) : undefined;
    const lead = inner?.lead ?? this.#encrypting(options, key);
    try {
      const waits = () => this.#network.isSilent();
      const pipe = await Pipe.open(source, () => (waits() ? new Promise<never>(() => undefined) : lead()));
      return {
        drain: () => pipe.drain(),
        kill: () => {
          pipe.kill();
          inner?.close();
        },
      };
    } catch (error) {
      inner?.close();
      throw error;
    }
  }

  /** A server of #spiped's behind the port, on a socket that nobody else knows. */
  async #decrypting(options: SpipedOptions, key: SpipedKey) {
    const { requirePfs, noPfs } = options;
    this.#count += 1;
    const path = join(this.#network.socketFolder, String(this.#count));
    const target = this.#target(options.target);
    const server = await serve({ source: { path }, target, key, requirePfs, noPfs });
    return {
      lead: async (): Promise<Duplex> => connect({ path, allowHalfOpen: true }),
      close: () => void server.close(),
    };
  }

  #encrypting({ target, requirePfs, noPfs }: SpipedOptions, key: SpipedKey): () => Promise<Duplex> {
    return async () => dial({ target: this.#target(target), key, requirePfs, noPfs });
  }

  /** Where an address leads. A name that nobody has leads to a port at which nobody listens (RFC 863). */
  #target(address: Address): Address {
    if ("path" in address) return { path: this.#path(address.path) };
    const isOwn = /^(127\.|localhost$|0\.0\.0\.0$)/.test(address.host);
    if (isOwn && address.port === 22) return this.#network.sshd;
    if (isOwn) return { host: this.#network.address, port: address.port };
    const host = this.#network.resolve(address.host);
    return host === undefined ? { host: this.#network.address, port: 9 } : { host, port: address.port };
  }

  /** Programs of a host already say where its tree is, rc.conf does not. */
  #path(path: string): string {
    return path.startsWith(`${this.#network.root}/`) ? path : join(this.#network.root, path);
  }
}
