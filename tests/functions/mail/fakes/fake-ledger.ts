import type { SendLedger, SendState } from "../../../../functions/mail/ports.ts";

/** The ledger in memory. The same tests hold it and the one in DynamoDB to the same behaviour. */
export function fakeLedger(): SendLedger {
  const sends = new Map<string, { claimedAt?: Date; sesMessageId?: string }>();
  const standing = (key: string): SendState => {
    const send = sends.get(key);
    if (send === undefined) return { state: "new" };
    if (send.sesMessageId !== undefined) return { state: "sent" };
    return { state: "claimed", claimedAt: send.claimedAt ?? new Date(0) };
  };
  return {
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
    markSent: async (key, sesMessageId) => {
      const send = sends.get(key);
      sends.set(key, { ...send, sesMessageId: send?.sesMessageId ?? sesMessageId });
    },
  };
}
