import { SpipedOptionsError } from "./failures.ts";

/** spiped's -o: how long connecting may take, and then the handshake. */
export const TIMEOUT_SECONDS = 5;

/** What a timer of Node's takes. */
const LONGEST_SECONDS = (2 ** 31 - 1) / 1000;

/** Seconds, fractions allowed, as milliseconds for a timer. SpipedOptionsError if they are no time to wait. */
export function timeoutMilliseconds(seconds = TIMEOUT_SECONDS): number {
  if (seconds > 0 && seconds <= LONGEST_SECONDS) return Math.ceil(seconds * 1000);
  throw new SpipedOptionsError(`a timeout of ${seconds} seconds cannot be kept`);
}
