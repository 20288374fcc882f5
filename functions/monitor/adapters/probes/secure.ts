import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import { failed, ProbeEndedError } from "../../findings/finding.ts";
import { brokenConnection } from "../../findings/network-reason.ts";
import { handshakeProblem, type TlsError } from "../../findings/tls-reason.ts";
import type { Attempt } from "./attempt.ts";

/** Whom to expect behind a connection. */
export interface Expected {
  /** The name that its certificate is for. */
  readonly name: string;
  /** "10.0.0.1:443", for reasons. */
  readonly peer: string;
  /** False: a bad certificate is no error here, since the caller looks at it. */
  readonly isVerified: boolean;
}

/**
 * Speaks TLS over a connection. The certificate is verified, name included, unless the caller does that.
 * @throws ProbeEndedError saying why there was no handshake
 */
export async function secureConnection(
  socket: Duplex,
  { name, peer, isVerified }: Expected,
  attempt: Attempt,
): Promise<TLSSocket> {
  attempt.stage = `in the TLS handshake with ${peer}`;
  const options: ConnectionOptions = {
    socket,
    host: name,
    rejectUnauthorized: isVerified,
    ...(isIP(name) === 0 ? { servername: name } : {}), // RFC 6066, 3: addresses are no server names
  };
  const secured = attempt.own(connect(options));
  await new Promise<void>((resolve, reject) => {
    secured.once("secureConnect", resolve);
    // It stays: without a listener, an error that comes later would end the process.
    secured.on("error", (error: TlsError) => {
      const problem = handshakeProblem(error, peer);
      const finding = problem === undefined ? brokenConnection(error, peer, attempt.stage) : failed(problem);
      reject(new ProbeEndedError(finding));
    });
  });
  return secured;
}
