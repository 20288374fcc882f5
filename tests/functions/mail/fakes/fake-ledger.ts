import type { Outcome } from "../../../../functions/mail/outcome.ts";
import type { SendLedger, SendState } from "../../../../functions/mail/ports.ts";

interface Send {
  readonly claimedAt?: Date;
  readonly sesMessageId?: string;
  readonly outcomes?: Readonly<Record<string, Outcome>>;
}

/** The ledger in memory. The same tests hold it and the one in DynamoDB to the same behaviour. */
export function fakeLedger(): SendLedger & { readonly sends: ReadonlyMap<string, Send> } {
  const sends = new Map<string, Send>();
  const standing = (key: string): SendState => {
    const send = sends.get(key);
    if (send === undefined) return { state: "new" };
    if (send.sesMessageId !== undefined) return { state: "sent" };
    return { state: "claimed", claimedAt: send.claimedAt ?? new Date(0) };
  };
  const markSent = async (key: string, sesMessageId: string) => {
    const send = sends.get(key);
    sends.set(key, { ...send, sesMessageId: send?.sesMessageId ?? sesMessageId });
  };
  return {
    sends,
    claim: async (key, _messageId, now) => {
      const before = standing(key);
      if (before.state === "new") sends.set(key, { claimedAt: now });
      return before;
    },
    takeOver: async (key, seenClaimedAt, now) => {
      const before = standing(key);
      if (before.state !== "claimed" || before.claimedAt.getTime() !== seenClaimedAt.getTime()) return false;
      sends.set(key, { claimedAt: now });
      return true;
    },
    release: async (key) => {
      if (standing(key).state === "claimed") sends.delete(key);
    },
    markSent,
    record: async (key, sesMessageId, outcome) => {
      await markSent(key, sesMessageId);
      const send = sends.get(key);
      sends.set(key, { ...send, outcomes: { [outcome.kind]: outcome, ...send?.outcomes } });
    },
  };
}
