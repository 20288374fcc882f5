import type { Fleet } from "#fleet";
import { z } from "#platform";
import { BillingOffError, MailRefusedError } from "./failures.ts";
import { type Message, MessageSchema } from "./message.ts";
import type { Notice } from "./notice.ts";
import { renderNotice } from "./templates/render-notice.ts";

/** Who writes notices: to customers, and to the owner. */
export interface Senders {
  /** What templates say about the service. */
  readonly service: Parameters<typeof renderNotice>[1];
  readonly toCustomers: string;
  readonly toOwner: string;
}

/** The senders of a fleet. @throws BillingOffError */
export function sendersOf({ billing, owner }: Fleet): Senders {
  if (billing === undefined)
    throw new BillingOffError("fleet.yml has no section billing: there is no service");
  const { service, site, payAt, domain } = billing;
  return { service: { service, site, payAt, domain }, toCustomers: billing.from, toOwner: owner.from };
}

/**
 * The mail that a notice becomes.
 * @throws MailRefusedError when it cannot become one: this notice's fault alone, which must not hold up others
 */
export function noticeMessage(notice: Notice, senders: Senders): Message {
  const from = notice.template === "night-report" ? senders.toOwner : senders.toCustomers;
  const parsed = MessageSchema.safeParse({
    ...rendered(notice, senders),
    id: notice.id,
    from,
    to: [notice.to],
  });
  if (!parsed.success) throw new MailRefusedError(`${notice.id}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function rendered(notice: Notice, { service }: Senders) {
  try {
    return renderNotice(notice, service);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MailRefusedError(`${notice.id}: ${notice.template} could not be written: ${reason}`, { cause });
  }
}
