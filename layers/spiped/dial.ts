import type { Duplex } from "node:stream";
import type { Address } from "./address.ts";
import { openSocket } from "./connect.ts";
import { requireOneMind } from "./handshake.ts";
import type { SpipedKey } from "./key.ts";
import { negotiate } from "./negotiate.ts";
import { timeoutMilliseconds } from "./timeout.ts";

/** How to reach a spiped server. */
export interface DialOptions {
  /** Where `spiped -d` listens. */
  readonly target: Address;
  readonly key: SpipedKey;
  /** For the connection, and then once more for the handshake (spiped's -o). Default 5, fractions allowed. */
  readonly timeoutSeconds?: number;
  /** Refuse a server that turned perfect forward secrecy off (-g). */
  readonly requirePfs?: boolean;
  /** Turn it off ourselves (-f). Not together with requirePfs. */
  readonly noPfs?: boolean;
}

/**
 * Connects to a spiped server as `spipe` does, and returns the stream to the server's target. SpipedConnectError,
 * SpipedHandshakeTimeoutError or SpipedHandshakeError when it does not come about; for what the stream fails with, and
 * what its end is worth, see PipeStream and DESIGN.md.
 */
export async function dial(options: DialOptions): Promise<Duplex> {
  const { target, key, timeoutSeconds, requirePfs, noPfs } = options;
  requireOneMind(options);
  const milliseconds = timeoutMilliseconds(timeoutSeconds);
  const socket = await openSocket(target, milliseconds);
  return negotiate(socket, {
    role: "client",
    key,
    timeoutMilliseconds: milliseconds,
    requirePfs,
    noPfs,
  });
}
