import { UnknownIncidentError } from "../../../../functions/monitor/failures.ts";
import type { Incident, TimelineEvent, Told, ToldOutcome } from "../../../../functions/monitor/incident.ts";
import type { IncidentBook } from "../../../../functions/monitor/ports.ts";

/** Incidents in memory, held to the same tests as those in DynamoDB. */
export function fakeIncidents(): IncidentBook {
  const incidents = new Map<number, Incident>();
  const notes = new Map<number, Map<string, TimelineEvent>>();
  const change = (number: number, with_: Partial<Incident>) => {
    const before = incidents.get(number);
    if (before === undefined) throw new UnknownIncidentError(`there is no incident ${number}`);
    incidents.set(number, { ...before, ...with_ });
  };
  return {
    open: async (incident) => {
      if (!incidents.has(incident.number))
        incidents.set(incident.number, {
          ...incident,
          recoveredAt: undefined,
          acknowledgements: [],
          told: [],
        });
    },
    recover: async (number, at) => {
      change(number, { recoveredAt: incidents.get(number)?.recoveredAt ?? at });
    },
    acknowledge: async (number, entry) => {
      const incident = incidents.get(number);
      if (incident === undefined) return "unknown";
      const { acknowledgements } = incident;
      if (acknowledgements.some(({ proof }) => proof === entry.proof)) return "replayed";
      if (incident.recoveredAt !== undefined) return "recovered";
      if (acknowledgements.some(({ until }) => until > entry.at)) return "already";
      change(number, { acknowledgements: [...acknowledgements, entry] });
      return "acknowledged";
    },
    begin: async (number, { step, contact, way, at, due }) => {
      const before = incidents.get(number)?.told ?? [];
      const isKnown = before.some((one) => one.step === step && one.contact === contact);
      if (!isKnown) change(number, { told: [...before, { step, contact, way, at, due, outcome: "begun" }] });
    },
    settle: async (number, { step, contact }, outcome, at) => {
      const before = incidents.get(number)?.told ?? [];
      const isIt = (one: Told) => one.step === step && one.contact === contact && one.outcome === "begun";
      change(number, { told: before.map((one) => (isIt(one) ? { ...one, outcome, at } : one)) });
    },
    note: async (number, { key, ...event }) => {
      const known = notes.get(number) ?? new Map<string, TimelineEvent>();
      if (!known.has(key)) known.set(key, event);
      notes.set(number, known);
    },
    read: async (number) => incidents.get(number),
    notes: async (number) => [...(notes.get(number)?.values() ?? [])],
    newest: async (count) => [...incidents.values()].sort((a, b) => b.number - a.number).slice(0, count),
    toldTo: async (contact) =>
      [...incidents.values()]
        .filter(
          ({ recoveredAt, told }) => recoveredAt === undefined && told.some((one) => one.contact === contact),
        )
        .map(({ number }) => number)
        .sort((a, b) => b - a),
  };
}

/** Takes a step from its beginning to its end. Where nothing else is said, it was due when it was taken. */
export async function tellIn(
  book: Pick<IncidentBook, "begin" | "settle">,
  incident: number,
  {
    outcome,
    ...step
  }: Omit<Told, "due" | "outcome"> & { readonly due?: Date; readonly outcome: ToldOutcome },
): Promise<void> {
  await book.begin(incident, { due: step.at, ...step });
  await book.settle(incident, step, outcome, step.at);
}
