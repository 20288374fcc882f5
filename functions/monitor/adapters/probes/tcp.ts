import { BANNER_BYTES, judgeBanner } from "../../findings/banner.ts";
import { good } from "../../findings/finding.ts";
import type { Probe } from "./attempt.ts";
import { openConnection } from "./connect.ts";
import { matchPattern } from "./match-pattern.ts";
import { TextStream } from "./text-stream.ts";

/** A connection is accepted and, if that is expected, greeted by the right line. */
export const probeTcp: Probe<"tcp"> = async ({ address, expect }, _surroundings, attempt) => {
  const { socket, peer } = await openConnection(address, attempt);
  if (expect === undefined) return good(`${peer} accepted the connection`);
  attempt.stage = `waiting for the greeting of ${peer}`;
  const line = await new TextStream(socket, peer, attempt, BANNER_BYTES).readLine("cut");
  return judgeBanner(line, expect, matchPattern(expect, line));
};
