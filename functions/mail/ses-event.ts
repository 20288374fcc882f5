import { z } from "#platform";
import { configurationSetName, SEND_TAG } from "./message.ts";
import type { Outcome } from "./outcome.ts";

const Instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/**
 * An event of SES as EventBridge delivers it (SES developer guide, "Monitoring using EventBridge" and "Contents of
 * event data"): best effort, possibly twice, late and out of order. Only what is used is described; the rest is
 * dropped.
 */
export const SesEventSchema = z.object({
  time: Instant,
  detail: z.object({
    eventType: z.string(),
    mail: z.object({
      messageId: z.string().min(1),
      destination: z.array(z.string()).default([]),
      tags: z.record(z.string(), z.array(z.string())).default({}),
    }),
    bounce: z
      .object({
        bounceType: z.string().default("Undetermined"),
        bounceSubType: z.string().nullish(),
        timestamp: Instant.optional(),
      })
      .optional(),
    complaint: z
      .object({
        complaintSubType: z.string().nullish(),
        complaintFeedbackType: z.string().nullish(),
        timestamp: Instant.optional(),
      })
      .optional(),
    delivery: z.object({ timestamp: Instant.optional() }).optional(),
    reject: z.object({ reason: z.string().optional() }).optional(),
  }),
});

export type SesEvent = z.infer<typeof SesEventSchema>;

/** What an event tells of one of our sends. */
export interface Telling {
  readonly keys: readonly string[];
  readonly sesMessageId: string;
  /** We send to one recipient at a time, so there is no other whom a complaint could mean. */
  readonly recipient: string | undefined;
  /** Undefined: that SES accepted the mail, and no more. */
  readonly outcome: Outcome | undefined;
  /** What follows for the recipient. */
  readonly verdict: "suppress" | "count" | "none";
}

/** Reads an event. Undefined: it is about mail of others, of another stage, or tells what nobody here asks. */
export function tellingOf(stage: string, { time, detail }: SesEvent): Telling | undefined {
  const { messageId, tags, destination } = detail.mail;
  const keys = tags[SEND_TAG] ?? [];
  // SES adds this tag by itself ("Fine-grained feedback", auto-tags). Rules of every stage hear all events.
  const isOurs = tags["ses:configuration-set"]?.includes(configurationSetName(stage)) ?? false;
  const told = isOurs && keys.length > 0 ? outcomeOf(detail, time) : undefined;
  return told && { keys, sesMessageId: messageId, recipient: destination[0], ...told };
}

type Told = Pick<Telling, "outcome" | "verdict">;

function outcomeOf(detail: SesEvent["detail"], time: Date): Told | undefined {
  const { bounce, complaint, delivery, reject } = detail;
  switch (detail.eventType) {
    case "Send":
      return { outcome: undefined, verdict: "none" };
    case "Delivery":
      return { outcome: { kind: "delivered", at: delivery?.timestamp ?? time, reason: "" }, verdict: "none" };
    case "Reject":
      return { outcome: { kind: "rejected", at: time, reason: reject?.reason ?? "" }, verdict: "none" };
    case "Bounce":
      return bounced(bounce, time);
    case "Complaint":
      return complained(complaint, time);
    default:
      return undefined;
  }
}

/** Only what SES calls permanent is for ever. What it could not make out may pass. */
function bounced(bounce: SesEvent["detail"]["bounce"], time: Date): Told {
  const type = bounce?.bounceType ?? "Undetermined";
  const reason = words(type, bounce?.bounceSubType);
  const verdict = type === "Permanent" ? "suppress" : "count";
  return { outcome: { kind: "bounced", at: bounce?.timestamp ?? time, reason }, verdict };
}

/** A reader who took the mail out of the spam folder complains as "not-spam" (RFC 5965, section 7.3). */
function complained(complaint: SesEvent["detail"]["complaint"], time: Date): Told {
  const reason = words(complaint?.complaintFeedbackType, complaint?.complaintSubType);
  const verdict = complaint?.complaintFeedbackType === "not-spam" ? "none" : "suppress";
  return { outcome: { kind: "complained", at: complaint?.timestamp ?? time, reason }, verdict };
}

function words(...parts: readonly (string | null | undefined)[]): string {
  return parts.filter((part) => typeof part === "string" && part !== "").join(" ");
}
