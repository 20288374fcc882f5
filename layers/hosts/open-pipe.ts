import type { Duplex } from "node:stream";
import { dial, readAddress, SpipedConnectError, type SpipedKey } from "#spiped";
import { HostUnreachableError, PipeRefusedError } from "./failures.ts";

/** For the connection, and then for the handshake. */
const PIPE_SECONDS = 10;

/**
 * Opens a pipe with the first of `keys` that the server takes. While a key is rotated there are two, and nobody but the
 * server knows which is in force (functions/tunnels).
 * @throws HostUnreachableError, PipeRefusedError
 */
export async function openPipe(address: string, keys: readonly SpipedKey[]): Promise<Duplex> {
  let refusal = new PipeRefusedError("there is no key to try");
  for (const key of keys) {
    try {
      return await dial({ target: readAddress(address), key, timeoutSeconds: PIPE_SECONDS });
    } catch (error) {
      if (error instanceof SpipedConnectError) throw new HostUnreachableError(error.message);
      refusal = new PipeRefusedError(reasonOf(error as Error, address), { cause: error });
    }
  }
  throw refusal;
}

function reasonOf(error: Error & { peerGreeted?: boolean }, address: string): string {
  if (error.name === "SpipedHandshakeTimeoutError")
    return `${address} took the connection and then said ${error.peerGreeted ? "no more" : "nothing"}`;
  // A second message that is none comes from somebody who does not have the key; spiped itself would close.
  if (error.name !== "SpipedHandshakeError" || error.message.includes("second message"))
    return `${address} does not speak spiped, or not with this key: ${error.message}`;
  return error.peerGreeted
    ? `${address} greeted and closed: wrong key, or nothing listens behind the pipe`
    : `${address} closed without a greeting: it is not spiped, or full`;
}
