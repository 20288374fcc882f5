import type { Duplex } from "node:stream";
import { SpipedHandshakeError, SpipedHandshakeTimeoutError } from "./failures.ts";
import { Handshake, type HandshakeOptions, INTRODUCTION_BYTES, NONCE_BYTES } from "./handshake.ts";
import type { SpipedKey } from "./key.ts";
import { PipeStream } from "./pipe-stream.ts";
import { readExactly } from "./read-exactly.ts";
import { timeoutMilliseconds } from "./timeout.ts";

/** How a handshake is to run over a socket. */
export interface Negotiation extends HandshakeOptions {
  /** From now until it must be complete. */
  readonly timeoutMilliseconds: number;
  /** What a server does once it knows that the client has the key, and before the client learns that it has it too. */
  readonly onAuthentic?: () => Promise<void>;
}

/**
 * Runs the handshake on a fresh socket and returns the pipe. On any failure the socket is destroyed, and nothing has been said
 * to the peer about why: SpipedHandshakeError, SpipedHandshakeTimeoutError, or what `onAuthentic` threw.
 */
export async function negotiate(socket: Duplex, options: Negotiation): Promise<PipeStream> {
  const { timeoutMilliseconds, onAuthentic, ...rest } = options;
  const handshake = new Handshake(rest);
  const progress = { peerGreeted: false };
  const late = () => {
    const message = `the handshake was not complete in ${timeoutMilliseconds / 1000} s`;
    socket.destroy(new SpipedHandshakeTimeoutError(message, progress.peerGreeted));
  };
  const timer = setTimeout(late, timeoutMilliseconds);
  const ignore = () => undefined; // whoever waits for bytes learns of errors; between two waits nobody does
  socket.on("error", ignore);
  try {
    return await converse(socket, handshake, progress, options);
  } catch (error) {
    socket.destroy();
    throw explain(error as NodeJS.ErrnoException, progress.peerGreeted);
  } finally {
    clearTimeout(timer);
    handshake.forget();
  }
}

/**
 * As dial(), over a fresh socket that the caller has connected (`allowHalfOpen: true`, nothing read of it): for who wants to
 * know how far it got. The caller's time may be up before; then it destroys the socket, and this rejects.
 */
export function handshakeAsClient(
  socket: Duplex,
  { key, timeoutSeconds }: { key: SpipedKey; timeoutSeconds?: number },
): Promise<Duplex> {
  return negotiate(socket, { role: "client", key, timeoutMilliseconds: timeoutMilliseconds(timeoutSeconds) });
}

async function converse(
  socket: Duplex,
  handshake: Handshake,
  progress: { peerGreeted: boolean },
  { role, onAuthentic }: Negotiation,
): Promise<PipeStream> {
  socket.write(handshake.greeting);
  handshake.meet(await expect(socket, NONCE_BYTES, progress));
  progress.peerGreeted = true;
  if (role === "client") socket.write(handshake.introduction());
  const session = handshake.accept(await expect(socket, INTRODUCTION_BYTES, progress));
  if (role === "server") {
    await onAuthentic?.();
    if (socket.destroyed) throw socket.errored ?? closed(progress);
    socket.write(handshake.introduction());
  }
  return new PipeStream(socket, session);
}

async function expect(socket: Duplex, size: number, progress: { peerGreeted: boolean }): Promise<Buffer> {
  const bytes = await readExactly(socket, size);
  if (bytes === undefined) throw closed(progress);
  return bytes;
}

function closed({ peerGreeted }: { peerGreeted: boolean }, cause?: Error): SpipedHandshakeError {
  const message = peerGreeted
    ? "the peer closed the connection during the handshake: it has another key, or what it leads to is down"
    : "the peer closed the connection before it said anything: it may not be spiped, or have too many connections";
  return new SpipedHandshakeError(message, peerGreeted, { cause });
}

/** A connection that is reset in the handshake was closed: which of both it becomes is a matter of what lay unread. */
function explain(error: NodeJS.ErrnoException, peerGreeted: boolean): Error {
  return error.syscall === undefined ? error : closed({ peerGreeted }, error);
}
