import { ReportRacedError, ReportsLeftError } from "./failures.ts";
import type { CheckBook } from "./ports.ts";
import type { UnsettledReport } from "./records.ts";

/** A report that a run came to, and how that ended. */
export interface TriedReport extends UnsettledReport {
  /** Name of the error that kept it from being carried out; "" when its builds are started and its mail is with SES. */
  readonly failure: string;
}

/**
 * Puts on record which reports are carried out. Those that are not wait behind all others: one that never can be must not
 * keep the rest from being tried. Safe to repeat.
 * @throws ReportsLeftError naming those that are not carried out; ReportRacedError to be called again
 */
export async function settleReports(tried: readonly TriedReport[], book: CheckBook): Promise<void> {
  const told = await book.told();
  const triedAs = (one: UnsettledReport) =>
    tried.find(({ check, revision }) => check === one.check && revision === one.revision);
  const others = told.unsettled.filter((one) => triedAs(one) === undefined);
  const left = told.unsettled.filter((one) => (triedAs(one)?.failure ?? "") !== "");
  const unsettled = [...others, ...left];
  if (JSON.stringify(unsettled) !== JSON.stringify(told.unsettled)) {
    const isReplaced = await book.replaceTold({ ...told, revision: told.revision + 1, unsettled });
    if (!isReplaced) throw new ReportRacedError("another check was told just now");
  }
  const failed = tried.filter(({ failure }) => failure !== "");
  if (failed.length === 0) return;
  const what = failed.map(({ check, failure }) => `${failure} with the report of the check ${check}`);
  throw new ReportsLeftError(what.join("; "));
}
