import type { SendLedger, Suppressions } from "./ports.ts";
import { type SesEvent, tellingOf } from "./ses-event.ts";

/**
 * Notes what SES tells of a mail of ours: that it accepted it, which settles a send in doubt, and what became of it.
 * Whoever bounces for good or complains gets no mail any more. Safe to repeat, in any order.
 */
export async function recordOutcome(
  stage: string,
  event: SesEvent,
  { ledger, suppressions }: { ledger: SendLedger; suppressions: Suppressions },
): Promise<void> {
  const told = tellingOf(stage, event);
  if (told === undefined) return;
  const { keys, sesMessageId, recipient, outcome, verdict } = told;
  for (const key of keys) {
    if (outcome === undefined) await ledger.markSent(key, sesMessageId);
    else await ledger.record(key, sesMessageId, outcome);
  }
  if (outcome === undefined || recipient === undefined) return;
  const reason = `${outcome.kind} ${outcome.reason}`.trim();
  if (verdict === "suppress") await suppressions.suppress(recipient, reason, outcome.at);
  if (verdict === "count") await suppressions.countTransient(recipient, outcome.at);
}
