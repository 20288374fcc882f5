import type { Acknowledgement, IncidentDesk } from "../../../../../functions/monitor/telling/ports.ts";

interface Incident {
  readonly toldTo: Set<string>;
  readonly acks: Acknowledgement[];
  readonly notes: Map<string, string>;
  hasRecovered: boolean;
}

/** Incidents in memory, with the rules that IncidentDesk promises. */
export interface FakeDesk extends IncidentDesk {
  open(incident: number, ...contacts: string[]): void;
  recover(incident: number): void;
  /** "colin sms until 2026-…" for each acknowledgement, oldest first. */
  acksOf(incident: number): readonly string[];
  notesOf(incident: number): readonly string[];
  /** The next so many calls fail, as DynamoDB might. */
  failNext(times: number): void;
}

export function fakeDesk(): FakeDesk {
  const incidents = new Map<number, Incident>();
  const proofs = new Set<string>();
  let failures = 0;
  const stumble = () => {
    if (failures === 0) return;
    failures -= 1;
    throw Object.assign(new Error("try again"), { name: "ThrottlingException" });
  };
  return {
    open: (incident, ...contacts) => {
      incidents.set(incident, { toldTo: new Set(contacts), acks: [], notes: new Map(), hasRecovered: false });
    },
    recover: (incident) => {
      const found = incidents.get(incident);
      if (found !== undefined) found.hasRecovered = true;
    },
    acksOf: (incident) =>
      (incidents.get(incident)?.acks ?? []).map(
        ({ by, via, until }) => `${by} ${via} until ${until.toISOString().slice(0, 19)}`,
      ),
    notesOf: (incident) => [...(incidents.get(incident)?.notes.values() ?? [])],
    failNext: (times) => {
      failures = times;
    },
    acknowledge: async (incident, ack) => {
      stumble();
      const found = incidents.get(incident);
      if (found === undefined) return "unknown";
      if (proofs.has(ack.proof)) return "replayed";
      if (found.hasRecovered) return "recovered";
      if (found.acks.some(({ until }) => until >= ack.until)) return "already";
      proofs.add(ack.proof);
      found.acks.push(ack);
      return "acknowledged";
    },
    toldTo: async (contact) => {
      stumble();
      return [...incidents]
        .filter(([, { toldTo, hasRecovered }]) => toldTo.has(contact) && !hasRecovered)
        .map(([incident]) => incident)
        .sort((a, b) => b - a);
    },
    note: async (incident, { what, key }) => {
      stumble();
      incidents.get(incident)?.notes.set(key, what);
    },
  };
}
