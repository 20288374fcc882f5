import {
  MailRefusedError,
  QuotaUsedUpError,
  SenderRefusedError,
  SendInDoubtError,
  SendingTooFastError,
} from "./failures.ts";
import { type Message, sendKey } from "./message.ts";
import type { SendLedger, SendPorts } from "./ports.ts";

/**
 * How long a claim without an outcome is left in doubt. SES reports an accepted mail as an event within seconds;
 * when none has come by then, the mail is sent again. So a mail is lost never, and doubled only if SES accepted it,
 * the answer was lost, and SES's own event was lost or late as well.
 */
export const DOUBT_SECONDS = 180;

/** Went out now; had gone out before; or does not go out, because its recipient gets no mail any more. */
export type Sending = "sent" | "already" | "suppressed";

/**
 * Sends a message to one recipient, unless it went out before.
 * @throws SendInDoubtError to be called again in a minute; whatever the sender throws
 */
export async function sendOnce(
  stage: string,
  message: Message,
  recipient: string,
  now: Date,
  { ledger, sender, suppressions }: SendPorts,
): Promise<Sending> {
  // Before the claim: a suppression may be lifted, and the mail is then free to go.
  if (await suppressions.isSuppressed(recipient)) return "suppressed";
  const key = sendKey(stage, message.id, recipient);
  if (!(await isOurs(key, message, now, ledger))) return "already";
  // Only what the sender says counts as a refusal: a ledger that refuses to be written to says nothing of the mail.
  const sesMessageId = await sender.send(message, recipient, key).catch(async (error: unknown) => {
    if (isRefusal(error)) await ledger.release(key);
    throw error;
  });
  await ledger.markSent(key, sesMessageId);
  return "sent";
}

/** Claims the send. False when the mail went out before. @throws SendInDoubtError */
async function isOurs(key: string, message: Message, now: Date, ledger: SendLedger): Promise<boolean> {
  const before = await ledger.claim(key, message.id, now);
  if (before.state === "sent") return false;
  if (before.state === "new") return true;
  const doubtSeconds = (now.getTime() - before.claimedAt.getTime()) / 1000;
  if (doubtSeconds >= DOUBT_SECONDS && (await ledger.takeOver(key, before.claimedAt, now))) return true;
  throw new SendInDoubtError(`${message.id}: an earlier send to this recipient has no outcome yet`);
}

/**
 * Whether SES certainly did not accept the mail: it said that the request was at fault (or came too fast). An
 * internal error or a lost connection says nothing of the kind, and leaves the send in doubt.
 */
function isRefusal(error: unknown): boolean {
  const refusals = [MailRefusedError, SenderRefusedError, SendingTooFastError, QuotaUsedUpError];
  return (
    refusals.some((refusal) => error instanceof refusal) ||
    (error instanceof Error && "$fault" in error && error.$fault === "client")
  );
}
