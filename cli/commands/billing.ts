import type { Command } from "commander";
import { readDay, readDollars } from "../choose.ts";
import type { Deps } from "../deps.ts";
import { OperatorError } from "../operator-error.ts";
import { type RunOptions, startRun } from "../start-run.ts";
import { withRunOptions } from "./run.ts";

const EXAMPLES = `
Examples:
  nightshift billing approve 2026-11-22            it was looked at, and is right: bill that day
  nightshift billing pay a1 25.00 --id cheque-17   money that came by another way than Stripe
  nightshift billing reverse a1 charge:2026-11-22  take a charge back, or an entry by its id
  nightshift billing credit 2026-11-outage --storage-days 2
  nightshift billing audit                         do all entries come to their balances?

Everything may be repeated: an entry is booked once per id.`;

/** What the entry commands share. */
interface EntryOptions extends RunOptions {
  readonly id?: string;
  readonly account?: string;
  readonly on?: string;
  readonly dollars?: string;
  readonly storageDays?: string;
}

/** `nightshift billing …`: what an operator does to the books by hand. Each starts a state machine. */
export function register(program: Command, deps: Deps): void {
  const billing = program
    .command("billing")
    .summary("approve a day, book payments, reversals and credits, audit the books")
    .description(
      "What an operator does to the books by hand. Each command starts a state machine and follows it.",
    )
    .addHelpText("after", EXAMPLES);

  withRunOptions(billing.command("approve <day>"))
    .summary("bill a day that waits for approval")
    .description(
      "Approves exactly what the day's report showed; if its usage changed since, it is shown again.",
    )
    .action(async (day: string, options: RunOptions) =>
      startRun(deps, "billing-nightly", { approve: await readDay(day) }, options, ["approve", day]),
    );

  const book =
    (kind: "payment" | "refund", sign: "" | "-") =>
    async (account: string, dollars: string, options: EntryOptions): Promise<void> => {
      const { id = "" } = options;
      const amount = `${sign}${await readDollars(dollars)}`;
      const entry = { id, kind, amount, on: await dayOr(deps, options.on) };
      await startRun(deps, "billing-entry", { account, entry }, options, [account, id]);
    };

  entryCommand(billing.command("pay <account> <dollars>"))
    .summary("book a payment that came by another way than Stripe")
    .requiredOption("--id <id>", "the payment's own id: a cheque's number, a transaction's")
    .action(book("payment", ""));

  entryCommand(billing.command("refund <account> <dollars>"))
    .summary("book money that was paid back by another way than Stripe")
    .requiredOption("--id <id>", "the refund's own id")
    .action(book("refund", "-"));

  entryCommand(billing.command("reverse <account> <entry>"))
    .summary("take back an entry, or a day's charge (charge:DAY)")
    .action(async (account: string, reverses: string, options: EntryOptions) => {
      const id = `reversal:${reverses}`;
      const entry = { id, kind: "reversal", reverses, on: await dayOr(deps, options.on) };
      return startRun(deps, "billing-entry", { account, entry }, options, [account, id]);
    });

  entryCommand(billing.command("credit <incident>"))
    .summary("credit every account, or one, for an incident; each once")
    .option("--account <account>", "this account only (with --dollars)")
    .option("--dollars <dollars>", "the same amount for everybody")
    .option("--storage-days <days>", "so many days of storage, at each account's own rate")
    .action(async (incident: string, options: EntryOptions) => {
      const on = await dayOr(deps, options.on);
      if (options.account !== undefined) {
        if (options.dollars !== undefined) await creditOf(options);
        const entry = {
          id: `incident:${incident}`,
          kind: "credit",
          amount: await readDollars(options.dollars ?? ""),
          on,
        };
        const about = { account: options.account, entry };
        return startRun(deps, "billing-entry", about, options, [options.account, entry.id]);
      }
      const about = { incident, on, ...(await creditOf(options)) };
      return startRun(deps, "billing-credit", { incident: about }, options, [incident]);
    });

  withRunOptions(billing.command("audit"))
    .summary("check that every account's entries come to its balance")
    .action((options: RunOptions) => startRun(deps, "billing-audit", {}, options));
}

function entryCommand(command: Command): Command {
  return withRunOptions(command).option("--on <day>", "when it happened (default: today, UTC)");
}

async function dayOr(deps: Deps, day: string | undefined): Promise<string> {
  return day === undefined ? deps.now().toISOString().slice(0, 10) : readDay(day);
}

async function creditOf({ dollars, storageDays }: EntryOptions): Promise<object> {
  if ((dollars === undefined) === (storageDays === undefined))
    throw new OperatorError("a credit is either --dollars or --storage-days", "Give one of them.");
  if (dollars !== undefined) return { amount: await readDollars(dollars) };
  if (!/^[1-9]\d{0,2}$/.test(storageDays ?? ""))
    throw new OperatorError(
      `--storage-days ${storageDays} is no number of days`,
      "It is a number from 1 to 365.",
    );
  return { storageDays: Number(storageDays) };
}
