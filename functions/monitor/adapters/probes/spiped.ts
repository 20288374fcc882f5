import { awaitGreeting } from "#spiped";
import { BANNER_BYTES, judgeBanner } from "../../findings/banner.ts";
import { good } from "../../findings/finding.ts";
import type { Probe } from "./attempt.ts";
import { openConnection } from "./connect.ts";
import { matchPattern } from "./match-pattern.ts";
import { asEnded, openPipe } from "./pipe.ts";
import { TextStream } from "./text-stream.ts";

/**
 * A pipe, as deep as the check knows it: its greeting of 32 bytes (the host and spiped are alive); with the key, a
 * handshake (both have it, and the target accepts connections); with a pattern, the target's own greeting.
 */
export const probeSpiped: Probe<"spiped"> = async (check, surroundings, attempt) => {
  const { address, keyParameter, expect } = check;
  if (keyParameter === undefined) {
    const { socket, peer } = await openConnection(address, attempt);
    attempt.stage = `waiting for the 32 bytes with which ${peer} greets`;
    await awaitGreeting(socket).catch((error: Error) => {
      throw asEnded(error, peer);
    });
    return good(`spiped at ${peer} greeted`);
  }
  const { stream, peer } = await openPipe(address, keyParameter, surroundings, attempt);
  if (expect === undefined) return good(`spiped at ${peer} shook hands: it has the key`);
  attempt.stage = `connected to ${peer}, waiting for a greeting through the pipe`;
  const line = await new TextStream(stream, peer, attempt, BANNER_BYTES).readLine("cut");
  return judgeBanner(line, expect, matchPattern(expect, line));
};
