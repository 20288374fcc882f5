import { ReportRacedError } from "./failures.ts";
import type { CheckBook } from "./ports.ts";
import type { UnsettledReport } from "./records.ts";

/**
 * Puts on record that a report was carried out: its builds are started, its mail is with SES. Safe to repeat.
 * @throws ReportRacedError to be called again
 */
export async function settleReport({ check, revision }: UnsettledReport, book: CheckBook): Promise<void> {
  const told = await book.told();
  const isThis = (one: UnsettledReport) => one.check === check && one.revision === revision;
  if (!told.unsettled.some(isThis)) return;
  const unsettled = told.unsettled.filter((one) => !isThis(one));
  const isReplaced = await book.replaceTold({ ...told, revision: told.revision + 1, unsettled });
  if (!isReplaced) throw new ReportRacedError("another check was told just now");
}
