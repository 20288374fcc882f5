import { type Day, dayOf } from "#ledger";
import { InvalidInputError } from "#platform";
import { DeletionsStoppedError, UnknownAccountError } from "./failures.ts";
import type { AccountBook, DeletionSwitch } from "./ports.ts";
import { refusalOf } from "./refusal.ts";

/** What an operator approved. */
export interface Deletion {
  readonly account: string;
  readonly approvedBy: string;
  readonly time: Date;
}

/**
 * Marks an account as deleted: the stop switch first, then one update whose condition looks at the balance, the
 * countdown and the parking as they are at that moment. So a payment that arrives first keeps the account, whatever
 * anybody had read before. Safe to repeat: the first day stays.
 * @param now against which the time is checked, since one that lies ahead would cut the countdown short
 * @throws DeletionsStoppedError, StillPaidError, CountdownRunningError, AccountParkedError, UnknownAccountError
 */
export async function deleteAccount(
  { account: id, approvedBy, time }: Deletion,
  now: Date,
  { book, deletions }: { book: Pick<AccountBook, "markDeleted">; deletions: DeletionSwitch },
): Promise<{ account: string; deletedOn: Day }> {
  if (time > now) throw new InvalidInputError(`time: ${time.toISOString()} lies ahead`);
  if (!(await deletions.isAllowed()))
    throw new DeletionsStoppedError("deletions are stopped: nothing was looked at and nothing deleted");
  const day = dayOf(time);
  const { account } = await book.markDeleted(id, day, approvedBy);
  if (account === undefined) throw new UnknownAccountError(`there is no account ${id}`);
  if (account.deletedOn === undefined) throw refusalOf(account, day);
  return { account: id, deletedOn: account.deletedOn };
}
