import { type Account, type Attodollars, type Day, times, ZERO } from "#ledger";
import { Failure, TransientFailure } from "#platform";
import type { AccountRegister, Ledger, Pace } from "./ports.ts";
import { postEntry } from "./post-entry.ts";

/** A credit for everybody: an amount each, or so many days of storage at each account's own rate. */
export interface Incident {
  /** Names it: "2026-07-outage". The credit's id follows, so nobody is credited twice for it. */
  readonly incident: string;
  readonly on: Day;
  readonly amount?: Attodollars | undefined;
  readonly storageDays?: number | undefined;
}

/** How far a segment is. Counts are accounts. */
export interface CreditProgress {
  readonly done: boolean;
  readonly cursor: string | undefined;
  readonly credited: number;
  readonly already: number;
  /** Deleted accounts, and those that have no rate yet. */
  readonly passed: number;
  /** Accounts that could not be credited, and why; at most 20. They need a person, and then the same run again. */
  readonly refused: readonly string[];
}

/** A function has 90 s; no page is begun after this. */
const BUDGET_MILLISECONDS = 50_000;
const AT_ONCE = 10;
const NAMED = 20;

/** Credits a segment of all accounts, page by page, until it is through or its time is up. Safe to repeat. */
export async function creditAccounts(
  incident: Incident,
  segment: { readonly segment: number; readonly segments: number },
  sofar: CreditProgress,
  { register, ledger, pace }: { register: AccountRegister; ledger: Ledger; pace: Pick<Pace, "now"> },
): Promise<CreditProgress> {
  const began = pace.now().getTime();
  let progress = sofar;
  do {
    const page = await register.page(segment.segment, segment.segments, progress.cursor);
    progress = withRefused(progress, page.broken);
    for (let first = 0; first < page.accounts.length; first += AT_ONCE) {
      const some = page.accounts.slice(first, first + AT_ONCE);
      const ends = await Promise.all(some.map((account) => credit(account, incident, ledger).catch(refusal)));
      const count = (how: "credited" | "already" | "passed") => ends.filter((end) => end === how).length;
      progress = {
        ...withRefused(
          progress,
          ends.flatMap((end) => (typeof end === "object" ? [end.refused] : [])),
        ),
        credited: progress.credited + count("credited"),
        already: progress.already + count("already"),
        passed: progress.passed + count("passed"),
      };
    }
    progress = { ...progress, cursor: page.cursor, done: page.cursor === undefined };
  } while (!progress.done && pace.now().getTime() - began < BUDGET_MILLISECONDS);
  return progress;
}

async function credit(account: Account, incident: Incident, ledger: Ledger) {
  const amount = amountFor(account, incident);
  if (account.deletedOn !== undefined || amount === ZERO) return "passed" as const;
  const id = `incident:${incident.incident}`;
  const posting = { id, kind: "credit", on: incident.on, amount } as const;
  const { already } = await postEntry(ledger, account.account, posting);
  return already ? ("already" as const) : ("credited" as const);
}

function withRefused(progress: CreditProgress, more: readonly string[]): CreditProgress {
  return { ...progress, refused: [...progress.refused, ...more].slice(0, NAMED) };
}

/** What is wrong with one account must not keep the others from their credit; what may pass is tried again. */
function refusal(error: unknown): { readonly refused: string } {
  if (!(error instanceof Failure) || error instanceof TransientFailure) throw error;
  return { refused: error.message };
}

function amountFor({ storagePerDay }: Account, { amount, storageDays }: Incident): Attodollars {
  if (amount !== undefined) return amount;
  return times(storagePerDay ?? ZERO, BigInt(storageDays ?? 0));
}
