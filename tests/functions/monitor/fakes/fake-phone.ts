import type { Phone, Telling } from "../../../../functions/monitor/telling/ports.ts";

/** A message that was accepted. */
export interface Sent extends Pick<Telling, "key" | "channel" | "text"> {
  readonly to: string;
  readonly sid: string;
  readonly at: Date;
}

/** A telephone network in memory, which accepts everything, or fails as it is told to, and lists what it accepted. */
export function fakePhone(): Phone & {
  readonly sent: readonly Sent[];
  failWith(error: Error | undefined): void;
} {
  const sent: Sent[] = [];
  let failure: Error | undefined;
  return {
    sent,
    failWith: (error) => {
      failure = error;
    },
    send: async ({ key, contact, channel, text }, now) => {
      if (failure !== undefined) throw failure;
      const sid = `SM${sent.length + 1}`;
      sent.push({ key, channel, text, to: contact.phone, sid, at: now });
      return sid;
    },
    find: async ({ contact, channel, text }, since, known) =>
      sent.find(
        (one) =>
          one.to === contact.phone &&
          one.channel === channel &&
          (channel === "call" || one.text === text) &&
          one.at.getTime() >= since.getTime() &&
          !known.has(one.sid),
      )?.sid,
    balance: async () => ({ amount: "20.00", currency: "USD" }),
  };
}
