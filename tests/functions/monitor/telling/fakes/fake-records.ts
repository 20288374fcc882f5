import type { Budget, Inbox } from "../../../../../functions/monitor/telling/ports.ts";

/** The budget in memory, held to the same tests as the one in DynamoDB. */
export function fakeBudget(): Budget {
  const hours = new Map<string, Set<string>>();
  return {
    take: async (hour, key, limit) => {
      const keys = hours.get(hour) ?? new Set();
      if (!keys.has(key) && keys.size >= limit) return false;
      hours.set(hour, keys.add(key));
      return true;
    },
  };
}

/** The inbox in memory, held to the same tests as the one in DynamoDB. */
export function fakeInbox(): Inbox {
  const kept = new Map<string, readonly number[]>();
  return {
    keep: async (sid, _from, incidents) => {
      const standing = kept.get(sid) ?? incidents;
      kept.set(sid, standing);
      return standing;
    },
  };
}
