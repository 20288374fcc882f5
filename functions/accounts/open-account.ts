import { AccountExistsError } from "./failures.ts";
import { type ConfirmationNotice, confirmationNotice, newAccount, type Opening } from "./new-account.ts";
import type { AccountBook } from "./ports.ts";

/** An account that is open, and the notice that its customer is to get. */
export interface Opened {
  readonly account: string;
  readonly mail: string;
  /** It was open before, with the same address. */
  readonly already: boolean;
  readonly isMailDue: boolean;
  readonly notice: ConfirmationNotice | null;
}

/**
 * Opens an account. Safe to repeat with the same address.
 * @throws AccountExistsError
 */
export async function openAccount(opening: Opening, book: Pick<AccountBook, "open">): Promise<Opened> {
  const { account: id, mail } = opening;
  const { made, account } = await book.open(newAccount(opening));
  if (account?.deletedOn !== undefined)
    throw new AccountExistsError(`account ${id} was deleted on ${account.deletedOn}; its name stays taken`);
  if (account !== undefined && account.mail !== mail)
    throw new AccountExistsError(`account ${id} is open already, with another address`);
  const notice = confirmationNotice(opening);
  return { account: id, mail, already: !made, isMailDue: notice !== undefined, notice: notice ?? null };
}
