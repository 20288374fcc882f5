import { MailRefusedError, SendInDoubtError } from "./failures.ts";
import { type Message, sendKey } from "./message.ts";
import type { MailSender, SendLedger } from "./ports.ts";

/**
 * How long a claim without an outcome is left in doubt. SES reports an accepted mail as an event within seconds;
 * when none has come by then, the mail is sent again. So a mail is lost never, and doubled only if SES accepted it,
 * the answer was lost, and SES's own event was lost or late as well.
 */
export const DOUBT_SECONDS = 180;

/**
 * Sends a message once to each recipient.
 * @returns how many mails went out now, and how many had gone out before
 * @throws SendInDoubtError to be called again in a minute, MailRefusedError
 */
export async function sendMessage(
  stage: string,
  message: Message,
  now: Date,
  ports: { ledger: SendLedger; sender: MailSender },
): Promise<{ sent: number; already: number }> {
  let sent = 0;
  let already = 0;
  for (const recipient of message.to) {
    if (await sendOnce(sendKey(stage, message.id, recipient), message, recipient, now, ports)) sent += 1;
    else already += 1;
  }
  return { sent, already };
}

async function sendOnce(
  key: string,
  message: Message,
  recipient: string,
  now: Date,
  { ledger, sender }: { ledger: SendLedger; sender: MailSender },
): Promise<boolean> {
  const before = await ledger.claim(key, message.id, now);
  if (before.state === "sent") return false;
  if (before.state === "claimed") {
    const doubtSeconds = (now.getTime() - before.claimedAt.getTime()) / 1000;
    const ours = doubtSeconds >= DOUBT_SECONDS && (await ledger.takeOver(key, before.claimedAt, now));
    if (!ours)
      throw new SendInDoubtError(`${message.id}: an earlier send to this recipient has no outcome yet`);
  }
  try {
    await ledger.markSent(key, await sender.send(message, recipient, key));
  } catch (error) {
    if (isRefusal(error)) await ledger.release(key);
    throw error;
  }
  return true;
}

/**
 * Whether SES certainly did not accept the mail: it said that the request was at fault (or came too fast). An
 * internal error or a lost connection says nothing of the kind, and leaves the send in doubt.
 */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof MailRefusedError ||
    (error instanceof Error && "$fault" in error && error.$fault === "client")
  );
}
