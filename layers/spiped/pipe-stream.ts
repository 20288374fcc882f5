import { Socket } from "node:net";
import { Duplex } from "node:stream";
import { batches } from "./batches.ts";
import { codeOf, SpipedConnectionLostError, SpipedProtocolError } from "./failures.ts";
import type { Session } from "./handshake.ts";
import { BATCH } from "./key-stream.ts";
import { DATA_BYTES, Opener, PACKET_BYTES, Sealer } from "./packets.ts";

const EMPTY = Buffer.alloc(0);

/**
 * The two directions of an established pipe as a stream of plain bytes. Ending it sends a FIN and leaves the other direction
 * open; so does the peer's FIN. At most a batch of packets lies here in either direction beyond what the
 * streams themselves buffer, so that a slow side holds up the other one.
 *
 * Fails with SpipedProtocolError when what arrives is not what the peer sealed next, and with SpipedConnectionLostError
 * when the connection breaks. That the peer ended is not authenticated: see DESIGN.md.
 */
export class PipeStream extends Duplex {
  readonly #socket: Duplex;
  readonly #sealer: Sealer;
  readonly #opener: Opener;
  /** The beginning of a packet whose rest has not come yet. */
  #partial: Buffer = EMPTY;

  /**
   * Takes over a socket (or what stands for one in a test), on which nothing is left of the handshake, and the keys, which
   * are overwritten.
   */
  constructor(socket: Duplex, { outbound, inbound }: Session) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    this.#sealer = new Sealer(outbound);
    this.#opener = new Opener(inbound);
    socket.on("data", (bytes: Buffer) => this.#receive(bytes));
    socket.on("end", () => this.#receiveEnd());
    socket.on("error", (error) => this.destroy(lost(error)));
    socket.on("close", () => this.#receiveClose());
    if (socket.destroyed) this.destroy(lost(socket.errored ?? new Error("closed")));
    else if (socket.readableEnded) this.#receiveEnd();
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(bytes: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#send([bytes]).then(() => done(), done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#send(chunks.map(({ chunk }) => chunk)).then(() => done(), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end((error?: Error | null) => done(error ? lost(error) : null));
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (error !== null && canReset(this.#socket)) this.#socket.resetAndDestroy();
    else this.#socket.destroy();
    this.#sealer.forget();
    this.#opener.forget();
    this.#partial = EMPTY;
    done(error);
  }

  /** Seals a batch at a time, and the next one when the socket has room again. Never settles on a pipe that fails. */
  async #send(chunks: readonly Buffer[]): Promise<void> {
    for (const batch of batches(chunks, BATCH * DATA_BYTES)) {
      if (this.destroyed) return;
      if (this.#socket.write(this.#sealer.seal(batch))) continue;
      await new Promise((resolve) => this.#socket.once("drain", resolve));
    }
  }

  #receive(bytes: Buffer): void {
    const all = this.#partial.length === 0 ? bytes : Buffer.concat([this.#partial, bytes]);
    let at = 0;
    try {
      while (all.length - at >= PACKET_BYTES) {
        const count = Math.min(Math.floor((all.length - at) / PACKET_BYTES), BATCH);
        const end = at + count * PACKET_BYTES;
        if (!this.push(this.#opener.open(all.subarray(at, end)))) this.#socket.pause();
        at = end;
      }
    } catch (error) {
      this.destroy(error as Error);
      return;
    }
    this.#partial = all.subarray(at);
  }

  #receiveEnd(): void {
    if (this.#partial.length === 0) this.push(null);
    else this.destroy(new SpipedProtocolError("the connection ended in the middle of a packet"));
  }

  #receiveClose(): void {
    const { readableEnded, writableFinished } = this.#socket;
    if (!readableEnded || !writableFinished) this.destroy(lost(new Error("closed")));
  }
}

/**
 * Whether a peer can be told that we break off: a FIN would say that all went well. Only TCP can, and only before our own FIN:
 * libuv resets no connection that is being shut down, and Node then leaves the descriptor open (libuv, uv_tcp_close_reset).
 */
function canReset(socket: Duplex): socket is Socket {
  return socket instanceof Socket && socket.remoteAddress !== undefined && !socket.writableEnded;
}

function lost(cause: Error): SpipedConnectionLostError {
  const code = codeOf(cause);
  return new SpipedConnectionLostError(`the connection to the peer broke (${code})`, code, { cause });
}
