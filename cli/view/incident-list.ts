import type { Monitor } from "#fleet";
import { acknowledgedNow, type Incident } from "../../functions/monitor/incident.ts";
import { titleOf } from "./check-title.ts";
import { dayAndTime, timeBeside } from "./clock-time.ts";
import { columns } from "./columns.ts";
import { lasting } from "./duration.ts";

/** Incidents as a table, in the order in which they are given. Ends with a newline. */
export function renderIncidents(incidents: readonly Incident[], monitor: Monitor, now: Date): string {
  if (incidents.length === 0) return "No incident so far. To see how everything stands: nightshift monitor\n";
  const { timeZone } = monitor;
  const heading = ["NO", "CHECK", "STATE", `OPENED (${timeZone})`, "LASTED", "TOLD", "ACKNOWLEDGED"];
  const rows = incidents.map((incident) => {
    const { number, check, openedAt, recoveredAt } = incident;
    return [
      String(number),
      titleOf(check, monitor),
      stateOf(incident),
      dayAndTime(timeZone)(openedAt),
      lasting((recoveredAt ?? now).getTime() - openedAt.getTime()),
      toldWords(incident),
      acknowledgedWords(incident, now, timeZone),
    ];
  });
  return `${columns([heading, ...rows], [0]).join("\n")}\n\nTo see one: nightshift incident NO\n`;
}

function stateOf({ recoveredAt, cause }: Incident): string {
  if (recoveredAt !== undefined) return "recovered";
  return cause === "flapping" ? "OPEN, flapping" : "OPEN";
}

/** Those whom a message reached, as far as is known when it is sent. */
function toldWords({ told }: Incident): string {
  const reached = told.filter(({ step, outcome }) => step > 0 && outcome === "sent");
  return [...new Set(reached.map(({ contact }) => contact))].join(", ") || "nobody";
}

function acknowledgedWords(incident: Incident, now: Date, timeZone: string): string {
  const held = incident.recoveredAt === undefined ? acknowledgedNow(incident, now) : undefined;
  if (held !== undefined) return `by ${held.by} until ${timeBeside(now, timeZone)(held.until)}`;
  const last = incident.acknowledgements.at(-1);
  if (last === undefined) return "";
  return incident.recoveredAt === undefined ? `by ${last.by}, run out` : `by ${last.by}`;
}
