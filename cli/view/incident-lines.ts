import { acknowledgedNow, type Incident, type Told } from "../../functions/monitor/incident.ts";
import { clockTime } from "./clock-time.ts";
import { lasting } from "./duration.ts";
import { lineOf } from "./line-parts.ts";
import type { Terminal } from "./terminal.ts";

/** What `told.outcome` adds to a time; nothing to one that went as it should. */
const OUTCOMES = {
  begun: " under way",
  "not-needed": " not needed",
  sent: "",
  failed: " failed",
  "over-budget": " not sent: too many",
} as const;

/** An open incident for the operator: what it is, who was told, who has it, or how to take it. */
export function incidentLines(incident: Incident, now: Date, timeZone: string, terminal: Terminal): string[] {
  const { number, check, cause, openedAt, reason, isCritical } = incident;
  const what = `${cause}${isCritical ? "" : ", not critical"}`;
  const lasted = lasting(now.getTime() - openedAt.getTime());
  return [
    lineOf(terminal, ["red", `Incident ${number}`], `  ${check} (${what}) for ${lasted}: ${reason}`),
    lineOf(terminal, `  ${toldWords(incident.told, timeZone)}`),
    lineOf(terminal, "  ", hasIt(incident, now, timeZone)),
  ];
}

/** "told colin (sms 21:05, call 21:10), ben (sms 21:15 failed)" */
export function toldWords(told: readonly Told[], timeZone: string): string {
  if (told.length === 0) return "nobody was told yet";
  const time = clockTime(timeZone);
  const byContact = Map.groupBy(told, ({ contact }) => contact);
  const people = [...byContact].map(([contact, steps]) => {
    const ways = steps.map(({ way, at, outcome }) => `${way} ${time(at)}${OUTCOMES[outcome]}`);
    return `${contact} (${ways.join(", ")})`;
  });
  return `told ${people.join(", ")}`;
}

function hasIt(incident: Incident, now: Date, timeZone: string): readonly ["green" | "yellow", string] {
  const held = acknowledgedNow(incident, now);
  if (held === undefined) return ["yellow", `nobody has it: nightshift ack ${incident.number}`];
  const time = clockTime(timeZone);
  return ["green", `${held.by} has it since ${time(held.at)} (by ${held.via}), until ${time(held.until)}`];
}
