import type { Acknowledgement, Contact, IncidentDesk } from "./ports.ts";

/** What became of acknowledging an incident. */
export type Verdict = Awaited<ReturnType<IncidentDesk["acknowledge"]>>;

/** An acknowledgement that came by phone. */
export interface Word {
  readonly contact: Contact;
  readonly via: "sms" | "call";
  /** MessageSid or CallSid. */
  readonly sid: string;
  readonly now: Date;
  readonly minutes: number;
}

/** Acknowledges an incident by what one text or call said. Safe to repeat: the proof is the same. */
export function acknowledge(incident: number, word: Word, desk: IncidentDesk): Promise<Verdict> {
  const { contact, via, sid, now, minutes } = word;
  const ack: Acknowledgement = {
    by: contact.name,
    via,
    at: now,
    until: new Date(now.getTime() + minutes * 60_000),
    proof: `${sid}/${incident}`,
  };
  return desk.acknowledge(incident, ack);
}
