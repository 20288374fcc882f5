import { MONITOR } from "./board.ts";
import type { Acknowledgement, Incident, TimelineEvent, Told } from "./incident.ts";

/**
 * What happened in an incident, in order of time, a sentence each: the alarm, every step that told somebody,
 * acknowledgements, notes (what became of messages), the recovery. What happened at the same instant stands in the order
 * in which one follows from the other.
 */
export function timelineOf(incident: Incident, notes: readonly TimelineEvent[]): TimelineEvent[] {
  const { openedAt, recoveredAt, acknowledgements } = incident;
  const told = incident.told.filter((one) => !isNoted(one, notes));
  const events = [
    { at: openedAt, what: openingOf(incident) },
    ...told.filter(({ step }) => step > 0).map(tellingOf),
    ...notes.map(({ at, what }) => ({ at, what })),
    ...acknowledgements.map(acknowledgingOf),
    ...(recoveredAt === undefined ? [] : [recoveryOf(openedAt, recoveredAt)]),
    ...told.filter(({ step }) => step === 0).map(tellingOf),
  ];
  return events.sort((one, other) => one.at.getTime() - other.at.getTime()); // stable (ECMA-262, Array.prototype.sort)
}

/** Whether a note says of a step in vain what the step alone does not: why nobody was told. */
function isNoted({ contact, at, outcome }: Told, notes: readonly TimelineEvent[]): boolean {
  if (outcome === "sent") return false;
  return notes.some(
    (note) => note.at.getTime() === at.getTime() && note.what.startsWith(`${contact} not told`),
  );
}

function openingOf({ check, cause, reason }: Incident): string {
  if (cause === "impaired" || check === MONITOR) return `alarm: the monitor itself is impaired: ${reason}`;
  return cause === "flapping" ? `alarm: it ${reason}` : `alarm: ${reason}`;
}

const OUTCOMES: Readonly<Record<Told["outcome"], string>> = {
  begun: "is being told",
  sent: "told",
  "not-needed": "need not be told any more",
  "over-budget": "not told, since the hour's messages were used up,",
  failed: "could not be told",
};

function tellingOf({ step, contact, way, at, outcome }: Told): TimelineEvent {
  const how = way === "sms" ? "by SMS" : "by a call";
  return { at, what: `${contact} ${OUTCOMES[outcome]} ${how}${step === 0 ? " that it is over" : ""}` };
}

const VIA: Readonly<Record<Acknowledgement["via"], string>> = {
  sms: "by SMS",
  call: "in a call",
  cli: "at the command line",
};

function acknowledgingOf({ by, via, at, until }: Acknowledgement): TimelineEvent {
  return { at, what: `${by} acknowledged it ${VIA[via]}, for ${lasting(at, until)}` };
}

function recoveryOf(openedAt: Date, recoveredAt: Date): TimelineEvent {
  return { at: recoveredAt, what: `recovered after ${lasting(openedAt, recoveredAt)}` };
}

/** The two largest units, in whole minutes: "18 min", "4 h", "1 d 2 h". */
function lasting(from: Date, to: Date): string {
  const minutes = Math.max(0, Math.round((to.getTime() - from.getTime()) / 60_000));
  const parts: [number, string][] = [
    [Math.floor(minutes / 1440), "d"],
    [Math.floor(minutes / 60) % 24, "h"],
    [minutes % 60, "min"],
  ];
  const first = parts.findIndex(([number]) => number > 0);
  if (first < 0) return "0 min";
  const shown = parts.slice(first, first + 2).filter(([number]) => number > 0);
  return shown.map(([number, unit]) => `${number} ${unit}`).join(" ");
}
