import { z } from "#platform";
import type { SendLedger } from "./ports.ts";

/**
 * SES's "Email Sent" event as EventBridge delivers it (SES developer guide, "Monitoring with EventBridge"): best
 * effort, possibly twice and out of order. Only what is used is described; the rest is dropped.
 */
export const SendEventSchema = z.object({
  detail: z.object({
    mail: z.object({
      messageId: z.string().min(1),
      tags: z.record(z.string(), z.array(z.string())).default({}),
    }),
  }),
});

export type SendEvent = z.infer<typeof SendEventSchema>;

/** Settles a send that SES says it accepted. Mail of others, which lacks our tag, is passed over. */
export async function recordOutcome(event: SendEvent, ledger: SendLedger): Promise<void> {
  const { messageId, tags } = event.detail.mail;
  for (const key of tags["nightshift-send"] ?? []) await ledger.markSent(key, messageId);
}
