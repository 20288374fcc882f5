import { type Account, type Day, formatDollars } from "#ledger";
import { AccountParkedError, CountdownRunningError, StillPaidError } from "./failures.ts";

/**
 * Why an account was not deleted, read off the account as it stood when the condition refused. Parked comes first: who
 * parked the account wanted it left alone, whatever it owes.
 * @throws Error when nothing speaks against it: then the condition and this have come apart
 */
export function refusalOf(account: Account, day: Day): Error {
  const { account: id, parkedOn, balance, deletableFrom } = account;
  if (parkedOn !== undefined)
    return new AccountParkedError(`account ${id} has been parked since ${parkedOn}`);
  if (balance > 0n) return new StillPaidError(`account ${id} has a balance of ${formatDollars(balance)}`);
  if (deletableFrom === undefined)
    return new CountdownRunningError(`the countdown of account ${id} has not begun`);
  if (deletableFrom > day)
    return new CountdownRunningError(`account ${id} may be deleted from ${deletableFrom} on, not on ${day}`);
  throw new Error(`account ${id} was not deleted, and nothing speaks against it`);
}
