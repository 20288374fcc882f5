import { splitAddress } from "#fleet";
import { good, ProbeEndedError } from "../../findings/finding.ts";
import type { Probe } from "./attempt.ts";
import { openConnection } from "./connect.ts";

/** Lambda sends no ICMP, so a host is asked for a connection. A refusal or reset is an answer, too: somebody
 * is there. */
export const probePing: Probe<"ping"> = async ({ address }, _surroundings, attempt) => {
  try {
    const { peer } = await openConnection(address, attempt);
    return good(`alive: ${peer} accepted the connection`);
  } catch (error) {
    const [, answer] =
      /^connection (refused|reset)/.exec(error instanceof ProbeEndedError ? error.message : "") ?? [];
    if (answer === undefined) throw error;
    return good(`alive: ${answer} the connection to port ${splitAddress(address).port}`);
  }
};
