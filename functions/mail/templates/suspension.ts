import { type Attodollars, formatDollars, negate } from "#ledger";

/** What a suspended account may not do, and may do (accounts/allowed-operations.ts). */
export const WHAT_STOPS = "no reads, no writes and no new keys. Deletes and payments still work.";

/** What makes a balance positive that is not: "more than $1.25". */
export function enough(balance: Attodollars): string {
  return balance === 0n ? "any amount" : `more than ${formatDollars(negate(balance))}`;
}

/** Why that is not the last word. */
export const IT_GROWS = "Storage is charged for every day that there is data, so the sum grows.";
