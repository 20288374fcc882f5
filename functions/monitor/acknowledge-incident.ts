import { UnknownIncidentError } from "./failures.ts";
import type { Acknowledged, IncidentBook } from "./ports.ts";

/** What an operator says. */
export interface Claim {
  readonly incident: number;
  readonly by: string;
  /** Default: as the fleet says. */
  readonly hours?: number | undefined;
  readonly proof: string;
}

/** Acknowledges an incident for some hours. @throws UnknownIncidentError */
export async function acknowledgeIncident(
  { incident, by, hours, proof }: Claim,
  now: Date,
  desk: { readonly hours: number; readonly incidents: IncidentBook },
): Promise<{ readonly incident: number; readonly result: Acknowledged }> {
  const until = new Date(now.getTime() + (hours ?? desk.hours) * 3_600_000);
  const result = await desk.incidents.acknowledge(incident, { by, via: "cli", at: now, until, proof });
  if (result === "unknown") throw new UnknownIncidentError(`there is no incident ${incident}`);
  return { incident, result };
}
