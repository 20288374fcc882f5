import type { Monitor } from "#fleet";
import { NobodyAnsweredError, NobodyToldError, UnknownIncidentError } from "../failures.ts";
import type { IncidentBook } from "../ports.ts";
import { type NextStep, nextStep } from "./next-step.ts";

/**
 * Reads an incident and decides. When everybody was gone through in vain, that is noted, and the execution fails by name:
 * its alarm goes to the topic of the watch region, which needs no Twilio.
 * @throws UnknownIncidentError, NobodyAnsweredError, NobodyToldError
 */
export async function decideStep(
  number: number,
  now: Date,
  { monitor, incidents }: { readonly monitor: Monitor; readonly incidents: IncidentBook },
): Promise<NextStep> {
  const incident = await incidents.read(number);
  if (incident === undefined) throw new UnknownIncidentError(`there is no incident ${number}`);
  const next = nextStep(incident, monitor, now);
  if (next.action !== "end" || next.outcome === "recovered") return next;
  const about = `incident ${number}: ${incident.check}, ${incident.reason}`;
  if (next.outcome === "nobody-told") {
    await incidents.note(number, {
      key: "nobody-told",
      at: now,
      what: "nobody could be told: see the topic's alarm",
    });
    throw new NobodyToldError(`nobody could be told of ${about}`);
  }
  await incidents.note(number, {
    key: "nobody-answered",
    at: now,
    what: "everybody was told, and nobody acknowledged",
  });
  throw new NobodyAnsweredError(`nobody acknowledged ${about}`);
}
