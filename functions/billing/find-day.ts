import type { Billing } from "#fleet";
import { addDays, type Day, dayOf, daysBetween } from "#ledger";
import { NothingToApproveError } from "./failures.ts";
import type { DayBook } from "./ports.ts";

/** The next day to bill, or that there is none. `today` is the run's own day. */
export type FoundDay =
  | { readonly found: true; readonly day: Day; readonly today: Day; readonly daysLeft: number }
  | { readonly found: false; readonly today: Day };

/**
 * Finds the first day that is not closed yet, up to the day before the run's time: never by the clock, so that a
 * late or repeated run is about the same days, and a night that was missed is caught up first.
 * @param approve a held day whose reasons an operator has approved
 * @param terms of fleet.yml; without that section nobody is billed, and no day is found
 * @throws NothingToApproveError
 */
export async function findDay(
  time: Date,
  approve: Day | undefined,
  terms: Pick<Billing, "since"> | undefined,
  book: DayBook,
): Promise<FoundDay> {
  if (approve !== undefined) await approveDay(approve, book);
  const today = dayOf(time);
  if (terms === undefined) return { found: false, today };
  const { since } = terms;
  const last = (await book.lastClosed())?.day;
  const day = last === undefined || last < since ? (since as Day) : addDays(last, 1);
  if (day >= today) return { found: false, today };
  return { found: true, day, today, daysLeft: daysBetween(day, today) - 1 };
}

async function approveDay(day: Day, book: DayBook): Promise<void> {
  const record = await book.read(day);
  if (record === undefined) throw new NothingToApproveError(`${day} was not billed yet`);
  const waitsFor = record.waitsFor;
  if (waitsFor !== undefined && record.approvals.includes(waitsFor)) return; // this very approval, repeated
  if (record.state !== "held" || waitsFor === undefined) {
    if (record.approvals.length > 0) return; // a run that was approved, and is repeated
    throw new NothingToApproveError(`${day} is ${record.state} and waits for no approval`);
  }
  if (!(await book.approve(day, waitsFor)))
    throw new NothingToApproveError(`${day} does not wait for what was to be approved any more; look again`);
}
