import { createHash } from "node:crypto";
import { addDays, type Day } from "#ledger";
import { reasonOf } from "#platform";
import { type DayRecord, revenueOf } from "./day-record.ts";
import type { DayBook } from "./ports.ts";

/** What became of the customers' mail, as the mail domain reports it. */
export type MailOutcome = Readonly<Record<string, unknown>> | undefined;

/** Days in the chart. */
const CHART_DAYS = 30;

/** The morning's report to the owner, as a notice. */
export interface NightReport {
  readonly id: string;
  readonly template: "night-report";
  readonly to: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Composes the report of a billed day. The same again when the night is repeated; another one when its state moved. */
export async function composeNightReport(
  day: Day,
  owner: string,
  mail: MailOutcome,
  book: DayBook,
): Promise<NightReport> {
  const record = await book.read(day);
  if (record === undefined) throw new Error(`no record of ${day}`);
  const closed = await book.closedUntil(addDays(day, -1), CHART_DAYS - 1);
  const before = closed.find((one) => one.day === addDays(day, -1));
  const shown = record.state === "settled" || record.state === "closed" ? [record, ...closed] : [...closed];
  const { tally } = record;
  const state = record.state === "settled" ? "closed" : record.state; // it is closed once this has been sent
  return {
    id: `night/${day}/${state}/${record.manifest.slice(0, 16)}${stepOf(record)}`,
    template: "night-report",
    to: owner,
    facts: {
      day,
      state,
      reasons: record.reasons,
      approve: record.state === "held" ? `nightshift billing approve ${day}` : null,
      accounts: tally.accounts,
      revenue: String(revenueOf(record)),
      storage: String(tally.storage),
      bandwidth: String(tally.bandwidth),
      storedBytes: String(tally.storedBytes),
      bytesIn: String(tally.bytesIn),
      bytesOut: String(tally.bytesOut),
      low: tally.low,
      suspended: tally.suspended,
      deletable: tally.deletable,
      unbilled: tally.unbilled,
      unbilledCount: tally.unbilledCount,
      previous: before === undefined ? null : chartDay(before),
      largest: tally.largest.map(({ account, before, now }) => {
        return { account, before: String(before), now: String(now) };
      }),
      history: shown.reverse().map(chartDay),
      mail: mail ?? null,
    },
  };
}

/** The report of a run that ended before there was a record: its reason, and nothing made up. */
export function composeFailure(
  time: string,
  owner: string,
  failure: { readonly Error: string; readonly Cause: string },
): NightReport {
  const day = addDays(time.slice(0, 10) as Day, -1);
  const none = { accounts: 0, low: 0, suspended: 0, deletable: [], unbilled: [], largest: [], history: [] };
  const nothing = {
    revenue: "0",
    storage: "0",
    bandwidth: "0",
    storedBytes: "0",
    bytesIn: "0",
    bytesOut: "0",
  };
  const reasons = [reasonOf(failure)];
  const facts = {
    day,
    state: "failed",
    reasons,
    approve: null,
    previous: null,
    mail: null,
    ...none,
    ...nothing,
  };
  return { id: `night/${time}/failed/${failure.Error}`, template: "night-report", to: owner, facts };
}

/** A held day that waits for something else than before is news, and so is another set of parts that failed. */
function stepOf({ state, waitsFor, reasons }: DayRecord): string {
  if (state === "held") return `/${waitsFor?.split(":")[0]}`;
  if (state !== "partial") return "";
  return `/${createHash("sha256").update(reasons.join("\n")).digest("hex").slice(0, 12)}`;
}

function chartDay(record: DayRecord) {
  return { day: record.day, accounts: record.tally.accounts, revenue: String(revenueOf(record)) };
}
