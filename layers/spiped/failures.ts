import { Failure, TransientFailure } from "#platform";

/** No connection came about: refused, no route, no such name or socket, or no answer in time. */
export class SpipedConnectError extends TransientFailure {
  override readonly name = "SpipedConnectError";
  /** The system's code, such as ECONNREFUSED or ENOENT; ETIMEDOUT when our own timeout ended it. */
  readonly code: string;

  constructor(message: string, code: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The peer took the connection, but the handshake was not complete in time. */
export class SpipedHandshakeTimeoutError extends TransientFailure {
  override readonly name = "SpipedHandshakeTimeoutError";
  /** Whether the peer's nonce had arrived: something that may be spiped is alive there. */
  readonly peerGreeted: boolean;

  constructor(message: string, peerGreeted: boolean) {
    super(message);
    this.peerGreeted = peerGreeted;
  }
}

/**
 * The handshake failed: the peer closed the connection in the middle of it, or sent what we refuse. A peer that closes
 * gives no reason: another key and a dead target behind it look alike. A dead target may come back, so that this is
 * worth another try.
 */
export class SpipedHandshakeError extends TransientFailure {
  override readonly name = "SpipedHandshakeError";
  /** Whether the peer's nonce had arrived: something that may be spiped is alive there. */
  readonly peerGreeted: boolean;

  constructor(message: string, peerGreeted: boolean, options?: ErrorOptions) {
    super(message, options);
    this.peerGreeted = peerGreeted;
  }
}

/** What arrived is not what a peer with our key sends next: forged, replayed, reordered, cut off, or not spiped at all. */
export class SpipedProtocolError extends Failure {
  override readonly name = "SpipedProtocolError";
}

/** An established connection broke: reset by the peer, or lost by the network. */
export class SpipedConnectionLostError extends TransientFailure {
  override readonly name = "SpipedConnectionLostError";
  /** The system's code, such as ECONNRESET. */
  readonly code: string;

  constructor(message: string, code: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What was given as a key, an address or an option cannot be used. The message says why. */
export class SpipedOptionsError extends Failure {
  override readonly name = "SpipedOptionsError";
}

/** The system's code of an error of node:net; that of its first attempt when several addresses were tried. */
export function codeOf(error: Error): string {
  if ("code" in error && typeof error.code === "string") return error.code;
  const [first] = error instanceof AggregateError ? error.errors : [];
  return first instanceof Error ? codeOf(first) : "UNKNOWN";
}
