import { cutToSeptets } from "./gsm7.ts";
import { aloud } from "./spoken.ts";

/** What became of acknowledging an incident, as IncidentDesk.acknowledge() answers. */
export type AckResult = "acknowledged" | "already" | "replayed" | "recovered" | "unknown";

const IN_AN_SMS: Readonly<Record<AckResult, string>> = {
  acknowledged: "acknowledged",
  already: "is acknowledged already",
  replayed: "was acknowledged by this text before",
  recovered: "has recovered",
  unknown: "is not known",
};

const ALOUD: Readonly<Record<AckResult, string>> = {
  acknowledged: "is acknowledged. Thank you",
  already: "is acknowledged already",
  replayed: "was acknowledged before",
  recovered: "has recovered. There is nothing to do",
  unknown: "is not known",
};

/** The answer to a text, one segment: "12 acknowledged. 11 has recovered." */
export function ackReply(results: readonly (readonly [incident: number, result: AckResult])[]): string {
  if (results.length === 0)
    return "There is nothing to acknowledge: no incident that you were told of is open.";
  return cutToSeptets(
    results.map(([incident, result]) => `${incident} ${IN_AN_SMS[result]}.`).join(" "),
    160,
  );
}

/** The answer to a text that says something else. */
export const NOT_UNDERSTOOD =
  "Not understood, and nothing was done. Reply ACK, or ACK and the number of the incident.";

/** The answer to a key. */
export function ackAloud(incident: number, result: AckResult): string {
  return `Incident ${aloud(String(incident))} ${ALOUD[result]}. Goodbye.`;
}

/** The answer to any key but 1. */
export const NOT_ACKNOWLEDGED = "That was not the 1. Nothing was acknowledged. Goodbye.";

/** The answer to a key when the call was about nothing that could be acknowledged. */
export const NOTHING_TO_ACKNOWLEDGE = "There is nothing to acknowledge. Goodbye.";
