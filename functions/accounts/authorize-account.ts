import { type Account, statusOf } from "#ledger";
import type { Log } from "#platform";
import { allowedFor, OPERATIONS, type Operation } from "./allowed-operations.ts";
import type { AccountBook } from "./ports.ts";

/** The answer to the backup service. */
export interface Authorization {
  readonly account: string;
  readonly allowed: readonly Operation[];
  readonly status: ReturnType<typeof statusOf> | "unknown" | "unreadable";
  /** The balance could not be read, and is taken to be positive. */
  readonly assumed: boolean;
}

/**
 * What an account may do now. An account that cannot be read may do everything: a customer who has paid must not lose
 * access to backups because our table is out of reach, and what is read and written meanwhile is billed all the same.
 */
export async function authorizeAccount(
  account: string,
  { book, log }: { book: Pick<AccountBook, "read">; log: Log },
): Promise<Authorization> {
  let found: Account | undefined;
  try {
    found = await book.read(account);
  } catch (error) {
    const name = error instanceof Error ? error.name : "unknown";
    log.error(`the balance of ${account} cannot be read, so it is taken to be positive`, { error: name });
    log.metric("BalanceUnreadable", 1, "Count");
    return { account, allowed: OPERATIONS, status: "unreadable", assumed: true };
  }
  const status = found === undefined ? "unknown" : statusOf(found);
  return { account, allowed: allowedFor(status), status, assumed: false };
}
