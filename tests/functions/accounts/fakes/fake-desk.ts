import type { Log } from "#platform";
import type {
  BillingEntries,
  LedgerEntry,
  PaymentBook,
  PaymentRecord,
} from "../../../../functions/accounts/ports.ts";

/** Something that goes wrong at the next call, as a power failure or AWS would have it. */
export type Trouble = Error | undefined;

/** Step Functions in memory: one execution per entry, for ever. `trouble` strikes the next start, once. */
export function fakeEntries() {
  const executions = new Map<string, { account: string; entry: LedgerEntry; at: Date }>();
  const fake: BillingEntries & {
    readonly executions: typeof executions;
    trouble: { error: Error; when: "before" | "after" } | undefined;
    /** "pi_1 customer-1 payment 12500000000000000000" for each execution, oldest first. */
    list(): string[];
  } = {
    executions,
    trouble: undefined,
    list: () =>
      [...executions.values()].map(
        ({ account, entry }) => `${entry.id} ${account} ${entry.kind} ${entry.amount}`,
      ),
    start: async (account, entry, at) => {
      const { trouble } = fake;
      fake.trouble = undefined;
      if (trouble?.when === "before") throw trouble.error;
      if (!executions.has(entry.id)) executions.set(entry.id, { account, entry, at });
      if (trouble?.when === "after") throw trouble.error;
    },
  };
  return fake;
}

/** The payments table in memory. `trouble` strikes the next write or read, once. */
export function fakePayments() {
  const records = new Map<string, PaymentRecord>();
  const fake: PaymentBook & { readonly records: typeof records; trouble: Trouble } = {
    records,
    trouble: undefined,
    find: async (object) => {
      strike();
      return records.get(object);
    },
    keep: async (object, record) => {
      strike();
      const standing = records.get(object) ?? record;
      records.set(object, standing);
      return standing;
    },
  };
  function strike(): void {
    const { trouble } = fake;
    fake.trouble = undefined;
    if (trouble !== undefined) throw trouble;
  }
  return fake;
}

/** A log that only remembers the metrics and the messages of errors. */
export function fakeLog() {
  const metrics: string[] = [];
  const errors: string[] = [];
  const log: Log = {
    info: () => undefined,
    error: (message) => errors.push(message),
    metric: (name) => metrics.push(name),
  };
  return { log, metrics, errors };
}
