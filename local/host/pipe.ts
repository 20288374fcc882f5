import { createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Where a pipe listens. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * The listening end of a spiped: takes connections and leads each to what `lead` opens. It can be ended as spiped is ended:
 * by a signal that lets it finish, or by one that does not.
 */
export class Pipe {
  readonly #lead: () => Promise<Duplex>;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #served = 0;
  #drained: (() => void) | undefined;

  private constructor(lead: () => Promise<Duplex>) {
    this.#lead = lead;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#take(socket));
  }

  /** @throws Error EADDRINUSE and whatever else the system says */
  static async open(source: ListenAddress, lead: () => Promise<Duplex>): Promise<Pipe> {
    const pipe = new Pipe(lead);
    await new Promise<void>((resolve, reject) => {
      pipe.#server.once("error", reject).listen({ ...source }, () => resolve());
    });
    pipe.#server.on("error", () => undefined);
    return pipe;
  }

  /** SIGTERM: serves no new connection, and resolves when the last one has ended. The port stays taken until `kill`. */
  drain(): Promise<void> {
    return new Promise((resolve) => {
      this.#drained = resolve;
      if (this.#served === 0) resolve();
    });
  }

  /** The end of the process: connections break, and the port is free. */
  kill(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  #take(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => this.#sockets.delete(socket));
    // While it drains, the kernel still takes connections that nobody serves.
    if (this.#drained === undefined) void this.#serve(socket);
  }

  async #serve(socket: Socket): Promise<void> {
    this.#served += 1;
    let other: Duplex | undefined;
    try {
      other = await this.#lead();
      await Promise.all([pipeline(socket, other), pipeline(other, socket)]);
    } catch {
      // One end is gone, so the other has to go; why, spiped tells nobody.
    }
    other?.destroy();
    socket.destroy();
    this.#served -= 1;
    if (this.#served === 0) this.#drained?.();
  }
}
