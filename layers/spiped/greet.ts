import type { Socket } from "node:net";
import { stopwatch } from "#platform";
import type { Address } from "./address.ts";
import { openSocket } from "./connect.ts";
import { SpipedHandshakeError, SpipedHandshakeTimeoutError, SpipedProtocolError } from "./failures.ts";
import { NONCE_BYTES } from "./handshake.ts";
import { readExactly } from "./read-exactly.ts";
import { timeoutMilliseconds } from "./timeout.ts";

/** How long a server took to answer, both in real milliseconds. */
export interface Greeting {
  /** Until the connection was there. */
  readonly connectMilliseconds: number;
  /** From then until its 32 bytes were there. */
  readonly greetingMilliseconds: number;
}

/**
 * Looks whether a spiped server is alive, without a key: connects, waits for its nonce, and leaves without a word. It proves the
 * host and the process, not the key and not the target. spiped 1.6 connects to its target for it; `serve` does not.
 *
 * SpipedConnectError, SpipedHandshakeTimeoutError and SpipedHandshakeError (both with peerGreeted false), or
 * SpipedProtocolError when more than a nonce comes: another service is listening there.
 */
export async function greet(options: { target: Address; timeoutSeconds?: number }): Promise<Greeting> {
  const milliseconds = timeoutMilliseconds(options.timeoutSeconds);
  const elapsed = stopwatch();
  const socket = await openSocket(options.target, milliseconds);
  const connectMilliseconds = elapsed();
  const late = () => {
    const message = `no greeting in ${milliseconds / 1000} s`;
    socket.destroy(new SpipedHandshakeTimeoutError(message, false));
  };
  const timer = setTimeout(late, milliseconds);
  try {
    await awaitGreeting(socket);
    return { connectMilliseconds, greetingMilliseconds: elapsed() - connectMilliseconds };
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

/**
 * Waits on a fresh socket of the caller's until a server has sent its nonce, and nothing else. As greet(), but for time and
 * the socket's end, which are the caller's affair.
 */
export async function awaitGreeting(socket: Socket): Promise<void> {
  try {
    const nonce = await readExactly(socket, NONCE_BYTES);
    if (nonce === undefined) throw new SpipedHandshakeError("closed before 32 bytes had come", false);
    if (socket.readableLength > 0)
      throw new SpipedProtocolError("more than a nonce came: that is not spiped");
  } catch (error) {
    const isOfSystem = "syscall" in (error as Error);
    if (!isOfSystem) throw error;
    throw new SpipedHandshakeError("reset before 32 bytes had come", false, { cause: error });
  }
}
