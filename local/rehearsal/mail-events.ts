import type { FunctionName } from "../../infra/function-name.ts";
import type { AcceptedMail, Cloud } from "../cloud/contract.ts";
import { type BusEvent, targetsOf } from "../engine/event-bus.ts";

/**
 * EventBridge's part for SES: every mail that the cloud accepted becomes an "Email Sent" event, which is delivered
 * until its targets have taken it. It belongs to the cloud, not to an engine: a power failure of the engine, even in
 * the middle of a delivery, loses no event.
 */
export function mailEvents(cloud: Pick<Cloud, "mails" | "accountId">, root: string) {
  let delivered = 0;
  return {
    deliver: async (invoke: (target: FunctionName, event: unknown) => Promise<unknown>): Promise<void> => {
      for (const mail of cloud.mails().slice(delivered)) {
        const event = sentEvent(mail, cloud.accountId);
        for (const target of targetsOf(root, event)) await invoke(target, event);
        delivered += 1;
      }
    },
  };
}

/** An event as in events/samples/ses-email-sent.json. */
function sentEvent(mail: AcceptedMail, account: string): BusEvent {
  return {
    source: "aws.ses",
    "detail-type": "Email Sent",
    detail: {
      eventType: "Send",
      mail: {
        messageId: mail.messageId,
        source: mail.source,
        sendingAccountId: account,
        destination: mail.destinations,
        tags: Object.fromEntries(Object.entries(mail.tags).map(([name, value]) => [name, [value]])),
      },
      send: {},
    },
  };
}
