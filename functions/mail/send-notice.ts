import { MailRefusedError } from "./failures.ts";
import type { Notice } from "./notice.ts";
import { noticeMessage, type Senders } from "./notice-message.ts";
import type { SendPorts } from "./ports.ts";
import { type Sending, sendOnce } from "./send-once.ts";

/** How a notice ended. What is refused for good is a result: it is this recipient's affair alone. */
export type NoticeEnd = Sending | { readonly refused: string };

/** What every notice is sent with. */
export interface NoticeDesk {
  readonly stage: string;
  readonly senders: Senders;
  readonly ports: SendPorts;
}

/**
 * Writes a notice and sends it, unless it went out before.
 * @throws SendInDoubtError to be called again in a minute; whatever the sender throws, but for MailRefusedError
 */
export async function sendNotice(
  notice: Notice,
  now: Date,
  { stage, senders, ports }: NoticeDesk,
): Promise<NoticeEnd> {
  try {
    return await sendOnce(stage, noticeMessage(notice, senders), notice.to, now, ports);
  } catch (error) {
    if (error instanceof MailRefusedError) return { refused: `${notice.to}: ${error.message}` };
    throw error;
  }
}
