import { type Account, attodollars, ZERO } from "#ledger";

/** An account of the month in which these tests stand, with a balance of $5. */
export function sampleAccount(changes: Partial<Account> = {}): Account {
  return {
    account: "customer-1",
    mail: "customer@example.net",
    revision: 7n,
    month: "2026-11",
    opening: ZERO,
    balance: attodollars(5_000_000_000_000_000_000n),
    charges: {},
    entries: {},
    used: { storedBytes: 0n, bytesIn: 0n, bytesOut: 0n },
    storageCharged: ZERO,
    ...changes,
  };
}

/** An account that may be deleted from 22 November 2026 on. */
export function overdueAccount(changes: Partial<Account> = {}): Account {
  return sampleAccount({
    balance: attodollars(-1n),
    lowOn: "2026-11-10",
    suspendedOn: "2026-11-14",
    deletableFrom: "2026-11-22",
    ...changes,
  });
}
