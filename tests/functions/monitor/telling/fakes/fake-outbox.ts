import { stageOf } from "../../../../../functions/monitor/telling/delivery-status.ts";
import type { Delivery, Outbox, OutboxState } from "../../../../../functions/monitor/telling/ports.ts";

interface Entry {
  readonly to: string;
  readonly claimedAt?: Date;
  readonly firstClaimedAt?: Date;
  readonly sid?: string;
  readonly delivery?: Omit<Delivery, "sid">;
  readonly failedBecause?: string;
  readonly isOverBudget?: true;
}

/** The outbox in memory. The same tests hold it and the one in DynamoDB to the same behaviour. */
export function fakeOutbox(): Outbox & { readonly entries: ReadonlyMap<string, Entry> } {
  const entries = new Map<string, Entry>();
  /** Changes an entry whose claim is the one that was seen and has no outcome. */
  const change = (key: string, seen: Date, to: (entry: Entry) => Entry | undefined): boolean => {
    const entry = entries.get(key);
    if (entry?.claimedAt?.getTime() !== seen.getTime()) return false;
    if (entry.sid !== undefined || entry.failedBecause !== undefined) return false;
    const next = to(entry);
    if (next === undefined) entries.delete(key);
    else entries.set(key, next);
    return true;
  };
  return {
    entries,
    find: async (key) => stateOf(entries.get(key)),
    claim: async ({ key, contact }, now) => {
      if (entries.has(key)) return false;
      entries.set(key, { to: contact.phone, claimedAt: now, firstClaimedAt: now });
      return true;
    },
    takeOver: async (key, seen, now) => change(key, seen, (entry) => ({ ...entry, claimedAt: now })),
    release: async (key, claimedAt) => {
      change(key, claimedAt, (entry) =>
        entry.firstClaimedAt?.getTime() === claimedAt.getTime() ? undefined : entry,
      );
    },
    markSent: async (key, sid) => {
      const entry = entries.get(key);
      if (entry?.claimedAt !== undefined) entries.set(key, { ...entry, sid: entry.sid ?? sid });
    },
    markFailed: async (key, claimedAt, failedBecause) => {
      change(key, claimedAt, (entry) => ({ ...entry, failedBecause }));
    },
    markOverBudget: async ({ key, contact }) => {
      if (!entries.has(key)) entries.set(key, { to: contact.phone, isOverBudget: true });
    },
    recordDelivery: async (key, { sid, ...delivery }) => {
      const entry = entries.get(key);
      if (entry?.claimedAt === undefined) return "unknown";
      if (entry.sid !== undefined && entry.sid !== sid) return "another";
      const known = entry.delivery === undefined ? -Infinity : stageOf(entry.delivery.status);
      if (stageOf(delivery.status) <= known) return "known";
      entries.set(key, { ...entry, sid, delivery: { ...entry.delivery, ...delivery } });
      return "recorded";
    },
    sidsTo: async (phone) =>
      new Set([...entries.values()].flatMap(({ to, sid }) => (to === phone ? (sid ?? []) : []))),
  };
}

function stateOf(entry: Entry | undefined): OutboxState {
  if (entry === undefined) return { state: "new" };
  const { claimedAt, firstClaimedAt, sid, delivery, failedBecause, isOverBudget } = entry;
  if (sid !== undefined) return { state: "sent", sid, ...(delivery === undefined ? {} : { delivery }) };
  if (failedBecause !== undefined) return { state: "failed", reason: failedBecause };
  if (isOverBudget) return { state: "over-budget" };
  return { state: "claimed", claimedAt: claimedAt as Date, firstClaimedAt: firstClaimedAt as Date };
}
