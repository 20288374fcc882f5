import type { Message } from "./message.ts";
import type { SendPorts } from "./ports.ts";
import { sendOnce } from "./send-once.ts";

/**
 * Sends a message once to each recipient.
 * @returns how many mails went out now, how many had gone out before, and how many recipients get no mail any more
 * @throws SendInDoubtError to be called again in a minute; MailRefusedError and whatever else the sender throws
 */
export async function sendMessage(
  stage: string,
  message: Message,
  now: Date,
  ports: SendPorts,
): Promise<{ sent: number; already: number; suppressed: number }> {
  const counts = { sent: 0, already: 0, suppressed: 0 };
  for (const recipient of message.to) counts[await sendOnce(stage, message, recipient, now, ports)] += 1;
  return counts;
}
