import type { Duplex } from "node:stream";
import { handshakeAsClient, type SpipedKey } from "#spiped";
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
 * Connects to a spiped server and shakes hands, with the key in an SSM parameter. While that key is rotated, a server may take
 * the one that follows it: where the first is refused, that is tried as well, on a connection of its own.
 * @throws ProbeEndedError saying why there is no pipe, with the first key
 */
export async function openPipe(
  address: string,
  keyParameter: string,
  surroundings: Surroundings,
  attempt: Attempt,
): Promise<OpenPipe> {
  const first = await shakeHands(address, await surroundings.key(keyParameter), attempt);
  if ("stream" in first) return first;
  if (first.error.name === "SpipedHandshakeError") {
    for (const other of await surroundings.otherKeys(keyParameter)) {
      const next = await shakeHands(address, other, attempt);
      if ("stream" in next) return next;
    }
  }
  throw asEnded(first.error, first.peer);
}

/** No pipe came about over a connection that did. */
interface Refused {
  readonly error: Error;
  readonly peer: string;
}

async function shakeHands(address: string, key: SpipedKey, attempt: Attempt): Promise<OpenPipe | Refused> {
  const { socket, peer } = await openConnection(address, attempt);
  attempt.stage = `in the spiped handshake with ${peer}`;
  // The attempt's own time is over before this one, and the attempt has the socket.
  const timeoutSeconds = attempt.timeoutMilliseconds / 1000 + 1;
  try {
    const stream = await handshakeAsClient(socket, { key, timeoutSeconds });
    stream.on("error", () => undefined); // whoever reads hears of it; without a listener it would end the process
    return { stream: attempt.own(stream), peer };
  } catch (error) {
    return { error: error as Error, peer };
  }
}

/** What the spiped client threw, as an end of the probe where it says something about what is watched. */
export function asEnded(error: Error, peer: string): Error {
  const problem = pipeProblem(error, peer);
  return problem === undefined ? error : new ProbeEndedError(failed(problem));
}
