import { type Account, attodollars, type Entry, monthOf, type Statement, ZERO } from "#ledger";
import type { Answer, Ledger, Marks } from "../../../../functions/billing/ports.ts";

/** A ledger in memory that refuses and answers as the one in DynamoDB does; ledger-contract.test.ts holds it to that. */
export class FakeLedger implements Ledger {
  readonly accounts = new Map<string, Account>();
  readonly kept = new Map<string, Statement>();
  /** Called before and after each call takes effect; may wait, or throw as a power failure would. */
  around: (phase: "before" | "after") => Promise<void> = async () => undefined;

  read(account: string): Promise<Account | undefined> {
    return this.#call(() => this.accounts.get(account));
  }

  charge: Ledger["charge"] = (account, request) =>
    this.#change(account, (seen) => {
      const day = request.day.slice(8);
      const isOpen = seen.month === monthOf(request.day) && seen.charges[day] === undefined;
      if (!isOpen || !isInService(seen) || !isWithin(seen, request.leastLastCharge)) return undefined;
      const { total, storage } = request.charge;
      return {
        ...seen,
        ...lastCharge(request),
        balance: attodollars(seen.balance - total),
        charges: { ...seen.charges, [day]: total },
        used: {
          storedBytes: seen.used.storedBytes + request.usage.storedBytes,
          bytesIn: seen.used.bytesIn + request.usage.bytesIn,
          bytesOut: seen.used.bytesOut + request.usage.bytesOut,
        },
        storageCharged: attodollars(seen.storageCharged + storage),
      };
    });

  openMonth: Ledger["openMonth"] = (before, request) =>
    this.#change(before.account, (seen) => {
      if (seen.revision !== before.revision || !isInService(seen)) return undefined;
      if (!isWithin(seen, request.leastLastCharge)) return undefined;
      const { total, storage } = request.charge;
      return {
        ...seen,
        ...lastCharge(request),
        month: monthOf(request.day),
        opening: seen.balance,
        balance: attodollars(seen.balance - total),
        charges: { [request.day.slice(8)]: total },
        entries: {},
        used: request.usage,
        storageCharged: storage,
        closedMonth: before.month,
        closedOn: request.day,
      };
    });

  cutStatement(statement: Statement): Promise<void> {
    return this.#call(() => {
      const key = `${statement.account} ${statement.month}`;
      const standing = this.kept.get(key);
      if (standing === undefined || standing.revision < statement.revision) this.kept.set(key, statement);
    });
  }

  statements(account: string): Promise<readonly Statement[]> {
    return this.#call(() =>
      [...this.kept.values()]
        .filter((one) => one.account === account)
        .sort((a, b) => (a.month < b.month ? -1 : 1)),
    );
  }

  addEntry: Ledger["addEntry"] = (before, id: string, entry: Entry, cleared) =>
    this.#change(before.account, (seen) => {
      const isFree = seen.revision === before.revision && !Object.hasOwn(seen.entries, id);
      if (!isFree || seen.deletedOn !== undefined) return undefined;
      const changed = {
        ...seen,
        balance: attodollars(seen.balance + entry.amount),
        entries: { ...seen.entries, [id]: entry },
      };
      for (const mark of cleared) delete (changed as { -readonly [K in keyof Marks]?: Marks[K] })[mark];
      return changed;
    });

  mark: Ledger["mark"] = (before, marks) =>
    this.#change(before.account, (seen) =>
      seen.revision === before.revision ? { ...seen, ...marks } : undefined,
    );

  async #change(name: string, change: (seen: Account) => Account | undefined): Promise<Answer> {
    return this.#call(() => {
      const seen = this.accounts.get(name);
      const changed = seen === undefined ? undefined : change(seen);
      if (changed === undefined) return { applied: false, account: seen };
      const account = { ...changed, revision: changed.revision + 1n };
      this.accounts.set(name, account);
      return { applied: true, account };
    });
  }

  async #call<T>(effect: () => T): Promise<T> {
    await this.around("before");
    const result = effect();
    await this.around("after");
    return result;
  }
}

/** An account without a history. */
export function newAccount(account: string, month: Account["month"], balance = ZERO): Account {
  return {
    account,
    mail: `${account}@example.net`,
    revision: 0n,
    month,
    opening: balance,
    balance,
    charges: {},
    entries: {},
    used: { storedBytes: 0n, bytesIn: 0n, bytesOut: 0n },
    storageCharged: ZERO,
  };
}

function isInService({ parkedOn, deletedOn }: Account): boolean {
  return parkedOn === undefined && deletedOn === undefined;
}

function isWithin({ lastCharge }: Account, least: bigint | undefined): boolean {
  return least === undefined || lastCharge === undefined || lastCharge >= least;
}

function lastCharge({
  charge,
  part,
}: Parameters<Ledger["charge"]>[1]): Pick<Account, "lastCharge" | "lastPart" | "storagePerDay"> {
  return { lastPart: part, lastCharge: charge.total, storagePerDay: charge.storage };
}
