import type { Duplex } from "node:stream";
import { handshakeAsClient } from "#spiped";
import { failed, ProbeEndedError } from "../../findings/finding.ts";
import { pipeProblem } from "../../findings/spiped-reason.ts";
import type { Surroundings } from "../../ports.ts";
import type { Attempt } from "./attempt.ts";
import { openConnection } from "./connect.ts";

/** The plain end of a pipe, and where its encrypted end is: "10.0.0.1:8022". */
export interface OpenPipe {
  readonly stream: Duplex;
  readonly peer: string;
}

/**
 * Connects to a spiped server and shakes hands, with the key in an SSM parameter.
 * @throws ProbeEndedError saying why there is no pipe
 */
export async function openPipe(
  address: string,
  keyParameter: string,
  surroundings: Surroundings,
  attempt: Attempt,
): Promise<OpenPipe> {
  const key = await surroundings.key(keyParameter);
  const { socket, peer } = await openConnection(address, attempt);
  attempt.stage = `in the spiped handshake with ${peer}`;
  // The attempt's own time is over before this one, and the attempt has the socket.
  const timeoutSeconds = attempt.timeoutMilliseconds / 1000 + 1;
  const stream = await handshakeAsClient(socket, { key, timeoutSeconds }).catch((error: Error) => {
    throw asEnded(error, peer);
  });
  stream.on("error", () => undefined); // whoever reads hears of it; without a listener it would end the process
  return { stream: attempt.own(stream), peer };
}

/** What the spiped client threw, as an end of the probe where it says something about what is watched. */
export function asEnded(error: Error, peer: string): Error {
  const problem = pipeProblem(error, peer);
  return problem === undefined ? error : new ProbeEndedError(failed(problem));
}
