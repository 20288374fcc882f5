/** What the spiped client says when no pipe comes about (layers/spiped/failures.ts). */
export interface PipeFailure {
  readonly name: string;
  readonly message: string;
  /** Whether the server's nonce had arrived. */
  readonly peerGreeted?: boolean;
}

/**
 * Why there is no pipe to `peer`. With the wrong key, and with a target that is down, spiped does the same: it greets and
 * closes (facts: spiped 1.6, lib/proto/proto_conn.c). Undefined: the pipe is not what failed.
 */
export function pipeProblem({ name, message, peerGreeted }: PipeFailure, peer: string): string | undefined {
  switch (name) {
    case "SpipedHandshakeError":
      if (peerGreeted !== true)
        return `${peer} closed the connection before its greeting: it is not spiped, or full`;
      return message.includes("second message")
        ? `no handshake with ${peer}: ${message}`
        : "greeting came, but no handshake: wrong key, or the pipe's target is down";
    case "SpipedProtocolError":
      return `${peer} does not speak spiped, or not with this key: ${message}`;
    case "SpipedConnectionLostError":
      return `the pipe to ${peer} broke: ${message}`;
    default:
      return undefined;
  }
}
