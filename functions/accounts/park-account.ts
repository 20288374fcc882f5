import type { Day } from "#ledger";
import { AccountDeletedError, UnknownAccountError } from "./failures.ts";
import type { AccountBook } from "./ports.ts";

/**
 * Parks an account, or takes it back into service. Safe to repeat: the day on which it was parked first stays.
 * @returns the day since which it is parked; null when it is not
 * @throws UnknownAccountError, AccountDeletedError
 */
export async function parkAccount(
  { account: id, parked, day }: { account: string; parked: boolean; day: Day },
  book: Pick<AccountBook, "park" | "unpark">,
): Promise<{ account: string; parkedOn: Day | null }> {
  const { account } = await (parked ? book.park(id, day) : book.unpark(id));
  if (account === undefined) throw new UnknownAccountError(`there is no account ${id}`);
  if (account.deletedOn !== undefined)
    throw new AccountDeletedError(`account ${id} was deleted on ${account.deletedOn}`);
  return { account: id, parkedOn: account.parkedOn ?? null };
}
