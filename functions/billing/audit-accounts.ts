import { type Account, type Attodollars, discrepancyOf, sum, ZERO } from "#ledger";
import { AccountBrokenError } from "./failures.ts";
import type { AccountRegister, Ledger, Pace } from "./ports.ts";

/** How far an audit of a segment is. */
export interface AuditProgress {
  readonly done: boolean;
  readonly cursor: string | undefined;
  readonly accounts: number;
  /** The sum of all balances that were looked at. */
  readonly balance: Attodollars;
  /** What is wrong, account by account; at most 20. */
  readonly wrong: readonly string[];
}

const BUDGET_MILLISECONDS = 50_000;
const NAMED = 20;
const AT_ONCE = 20;

/**
 * Checks every account of a segment: its entries must come to its balance, each closed month must have begun with
 * what the one before ended with, and the one that was closed last must be there.
 */
export async function auditAccounts(
  segment: { readonly segment: number; readonly segments: number },
  sofar: AuditProgress,
  { register, ledger, pace }: { register: AccountRegister; ledger: Ledger; pace: Pick<Pace, "now"> },
): Promise<AuditProgress> {
  const began = pace.now().getTime();
  let progress = sofar;
  do {
    const page = await register.page(segment.segment, segment.segments, progress.cursor);
    const found: string[] = [...page.broken];
    for (let first = 0; first < page.accounts.length; first += AT_ONCE) {
      const some = page.accounts.slice(first, first + AT_ONCE);
      found.push(
        ...(await Promise.all(some.map((account) => faultsOf(account, ledger).catch(unlessBroken)))).flat(),
      );
    }
    progress = {
      done: page.cursor === undefined,
      cursor: page.cursor,
      accounts: progress.accounts + page.accounts.length + page.broken.length,
      balance: sum([progress.balance, ...page.accounts.map(({ balance }) => balance)]),
      wrong: [...progress.wrong, ...found].slice(0, NAMED),
    };
  } while (!progress.done && pace.now().getTime() - began < BUDGET_MILLISECONDS);
  return progress;
}

function unlessBroken(error: unknown): string[] {
  if (!(error instanceof AccountBrokenError)) throw error;
  return [error.message];
}

async function faultsOf(account: Account, ledger: Ledger): Promise<string[]> {
  const name = account.account;
  const wrong = discrepancyOf(account);
  const faults =
    wrong === undefined ? [] : [`${name}: has ${account.balance}, its entries make ${wrong.should}`];
  // A statement may already stand for a month that is about to be closed.
  const closed = (await ledger.statements(name)).filter(({ month }) => month < account.month);
  const last = closed.at(-1)?.month;
  if (last !== account.closedMonth)
    faults.push(
      `${name}: closed ${account.closedMonth ?? "no month"} last, its statements end with ${last ?? "none"}`,
    );
  let carried: Attodollars = ZERO;
  for (const month of [...closed, account]) {
    if (month.opening !== carried)
      faults.push(`${name}: ${month.month} began with ${month.opening} after ${carried}`);
    if (!("closing" in month)) break;
    const should = discrepancyOf({ ...account, ...month, balance: month.closing })?.should;
    if (should !== undefined)
      faults.push(`${name}: ${month.month} ended with ${month.closing}, not ${should}`);
    carried = month.closing;
  }
  return faults;
}
