import { type Attodollars, AttodollarText, type Day, DayText, sum } from "#ledger";
import { z } from "#platform";
import { TallySchema } from "./part-progress.ts";

/**
 * What is on record of a billed day. `held` waits for an operator; `partial` for parts that could not be read;
 * `settled` for its mail to go out; `closed` is final. Times are the run's, ISO 8601.
 */
export const DayRecordSchema = z.object({
  day: DayText,
  state: z.enum(["held", "partial", "settled", "closed"]),
  time: z.string(),
  /** SHA-256 of the manifest that it was billed by. */
  manifest: z.string(),
  /** Why it is not closed; once it is, what was approved. */
  reasons: z.array(z.string()),
  /** What an approval of this day would approve: nothing but what the operator was shown. */
  waitsFor: z.string().optional(),
  /** What was approved before. */
  approvals: z.array(z.string()),
  tally: TallySchema,
});

export type DayRecord = z.infer<typeof DayRecordSchema>;

/** What the day's charges come to. */
export function revenueOf({ tally }: Pick<DayRecord, "tally">): Attodollars {
  return sum([tally.storage, tally.bandwidth]);
}

/** Bigints as decimal text, so that a record or a tally can be JSON. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === "bigint" ? String(member) : member,
  );
}

/** The name of an approval: of these limits, for this very usage. */
export function approvalOf(what: "totals" | "charges" | "books", manifest: string): string {
  return `${what}:${manifest}`;
}

/** One day as a bar of a chart. */
export const HistoryDay = z.object({ day: DayText, accounts: z.number(), revenue: AttodollarText });
export type HistoryDay = { readonly day: Day; readonly accounts: number; readonly revenue: Attodollars };
