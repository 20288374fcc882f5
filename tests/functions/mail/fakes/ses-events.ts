import { readFileSync } from "node:fs";
import { type SesEvent, SesEventSchema } from "../../../../functions/mail/ses-event.ts";

type Name = "sent" | "delivered" | "bounced" | "complaint" | "rejected";

/** What a sample is about, where a test wants something else. */
export interface Change {
  readonly key?: string;
  readonly stage?: string;
  readonly recipient?: string;
  /** Merged into `detail`'s object of the event's kind. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** A sample of `events/samples/`, as EventBridge delivers it. It is about stage "test" unless it is told otherwise. */
export function sampleEvent(name: Name, change: Change = {}) {
  const file = new URL(`../../../../events/samples/ses-email-${name}.json`, import.meta.url);
  const event = JSON.parse(readFileSync(file, "utf8"));
  const { mail, eventType } = event.detail;
  mail.tags["ses:configuration-set"] = [`nightshift-${change.stage ?? "test"}`];
  if (change.key !== undefined) mail.tags["nightshift-send"] = [change.key];
  if (change.recipient !== undefined) mail.destination = [change.recipient];
  Object.assign(event.detail[eventType.toLowerCase()], change.facts);
  return event;
}

/** The same, as a function takes it. */
export function sesEvent(name: Name, change: Change = {}): SesEvent {
  return SesEventSchema.parse(sampleEvent(name, change));
}
