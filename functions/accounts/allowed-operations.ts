import type { Status } from "#ledger";

/** What the backup service may do for an account. Payments are always taken, and are not its affair. */
export const OPERATIONS = ["read", "write", "create-key", "delete"] as const;
export type Operation = (typeof OPERATIONS)[number];

const ALLOWED: Readonly<Record<Status, readonly Operation[]>> = {
  active: OPERATIONS,
  low: OPERATIONS,
  // A customer who cannot pay can still make what is stored less. So does Tarsnap: a balance of nothing blocks, too.
  suspended: ["delete"],
  parked: OPERATIONS,
  deleted: [],
};

/** What is allowed in a status; nothing to an account that does not exist. */
export function allowedFor(status: Status | "unknown"): readonly Operation[] {
  return status === "unknown" ? [] : ALLOWED[status];
}
