import type { Contact, Monitor } from "#fleet";
import { z } from "#platform";
import { acknowledgedNow, type Incident, type Told } from "../incident.ts";
import { quietMinutesLeft } from "./quiet-hours.ts";

/** A step that tells somebody, as the state machine carries it. */
export const TellStepSchema = z.object({
  action: z.literal("tell"),
  about: z.enum(["alarm", "recovery"]),
  /** 1, 2, …; 0 for the all-clear. */
  step: z.int().min(0),
  contact: z.string(),
  way: z.enum(["sms", "call"]),
  /** When it was due (ISO 8601): what a message says of time follows from that, so that it reads the same each time. */
  due: z.iso.datetime(),
});

export type TellStep = Readonly<z.infer<typeof TellStepSchema>>;

/** What the escalation of an incident does next. */
export type NextStep =
  | TellStep
  | { readonly action: "wait"; readonly seconds: number }
  | { readonly action: "end"; readonly outcome: "recovered" | "nobody-answered" | "nobody-told" };

/** Each contact gets an SMS, and then a call. */
const WAYS = ["sms", "call"] as const;

/** Steps of one round through all contacts. */
export function stepsOfRound({ contacts }: Monitor): number {
  return Object.keys(contacts).length * WAYS.length;
}

/**
 * What to do next about an incident. It follows from what is on record and from the time alone, so that an escalation that
 * died goes on where it was, and two of them do the same thing once.
 *
 * Contacts are gone through in their order, each by SMS and then by call, as many rounds as the fleet says; in a contact's
 * quiet hours only about critical checks. An acknowledgement stops it until it lapses; then the rounds begin anew.
 * Recovery is told to whoever was told of the alarm. A step that was begun is brought to its end before anything else.
 */
export function nextStep(incident: Incident, monitor: Monitor, now: Date): NextStep {
  const begun = incident.told.find(({ outcome }) => outcome === "begun");
  if (begun !== undefined) return again(begun);
  if (incident.recoveredAt !== undefined) return allClear(incident, monitor, now);
  const acknowledged = acknowledgedNow(incident, now);
  if (acknowledged !== undefined) return waitUntil(acknowledged.until, now);
  const contacts = Object.entries(monitor.contacts);
  const round = stepsOfRound(monitor);
  const { first, last } = cycleOf(incident, round);
  const end = first + monitor.escalation.rounds * round;
  const from = last === undefined ? first : last.step + 1;
  if (from >= end)
    return { action: "end", outcome: wasAnybodyTold(incident, first) ? "nobody-answered" : "nobody-told" };
  const due = last === undefined ? beginOf(incident) : dueAfter(last, monitor);
  if (due > now) return waitUntil(due, now);
  const steps = Array.from({ length: Math.min(round, end - from) }, (_, index) => from + index);
  return firstAwake(steps, due, contacts, incident, monitor, now);
}

/** The first step of the present cycle of rounds, and the last one taken in it. A lapsed acknowledgement begins a cycle. */
function cycleOf(
  { told, acknowledgements }: Incident,
  round: number,
): { first: number; last: Told | undefined } {
  const steps = told.filter(({ step }) => step > 0).sort((a, b) => a.step - b.step);
  const began = acknowledgements.at(-1)?.until.getTime() ?? Number.NEGATIVE_INFINITY;
  const before = steps.filter(({ at }) => at.getTime() < began);
  const first = Math.ceil((before.at(-1)?.step ?? 0) / round) * round + 1;
  return { first, last: steps.findLast(({ step }) => step >= first) };
}

/** A step of which it is not known what came of it: a run died over it, or takes it at this moment. */
function again({ step, contact, way, due }: Told): TellStep {
  const about = step === 0 ? "recovery" : "alarm";
  return { action: "tell", about, step, contact, way, due: due.toISOString() };
}

/** When the present cycle of rounds began: with the incident, or when the last acknowledgement lapsed. */
function beginOf({ openedAt, acknowledgements }: Incident): Date {
  return acknowledgements.at(-1)?.until ?? openedAt;
}

/** When the step after `last` is due. Who could not be told is not waited for. */
function dueAfter(last: Told, { escalation }: Monitor): Date {
  if (last.outcome === "failed") return last.at;
  const minutes = last.way === "sms" ? escalation.callAfterMinutes : escalation.nextAfterMinutes;
  return new Date(last.at.getTime() + minutes * 60_000);
}

/** The step to take of those that are left, passing over contacts who sleep. When all do, it waits for the first to wake. */
function firstAwake(
  steps: readonly number[],
  due: Date,
  contacts: readonly [string, Contact][],
  { isCritical }: Incident,
  { timeZone }: Monitor,
  now: Date,
): NextStep {
  let soonestMinutes = Number.POSITIVE_INFINITY;
  for (const step of steps) {
    const [name, contact] = contacts[Math.floor((step - 1) / WAYS.length) % contacts.length] ?? [];
    if (name === undefined || contact === undefined) continue;
    const quietMinutes = isCritical ? 0 : quietMinutesLeft(contact, timeZone, now);
    const way = WAYS[(step - 1) % WAYS.length] ?? "sms";
    if (quietMinutes === 0)
      return { action: "tell", about: "alarm", step, contact: name, way, due: due.toISOString() };
    soonestMinutes = Math.min(soonestMinutes, quietMinutes);
  }
  return { action: "wait", seconds: soonestMinutes * 60 };
}

/** Tells whoever was told, by SMS; of what was not critical after their quiet hours. */
function allClear(
  { told, isCritical, recoveredAt }: Incident,
  { contacts, timeZone }: Monitor,
  now: Date,
): NextStep {
  const alarmed = new Set(
    told.flatMap(({ step, contact, outcome }) => (step > 0 && outcome === "sent" ? [contact] : [])),
  );
  const cleared = new Set(told.flatMap(({ step, contact }) => (step === 0 ? [contact] : [])));
  let soonestMinutes = Number.POSITIVE_INFINITY;
  for (const [name, contact] of Object.entries(contacts)) {
    if (!alarmed.has(name) || cleared.has(name)) continue;
    const quietMinutes = isCritical ? 0 : quietMinutesLeft(contact, timeZone, now);
    if (quietMinutes === 0)
      return {
        action: "tell",
        about: "recovery",
        step: 0,
        contact: name,
        way: "sms",
        due: (recoveredAt ?? now).toISOString(),
      };
    soonestMinutes = Math.min(soonestMinutes, quietMinutes);
  }
  if (Number.isFinite(soonestMinutes)) return { action: "wait", seconds: soonestMinutes * 60 };
  return { action: "end", outcome: "recovered" };
}

function wasAnybodyTold({ told }: Incident, first: number): boolean {
  return told.some(({ step, outcome }) => step >= first && outcome !== "failed");
}

function waitUntil(instant: Date, now: Date): NextStep {
  return { action: "wait", seconds: Math.max(1, Math.ceil((instant.getTime() - now.getTime()) / 1000)) };
}
