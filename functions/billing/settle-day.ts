import type { Billing } from "#fleet";
import { type Day, minus, sum } from "#ledger";
import { approvalOf, type DayRecord, revenueOf } from "./day-record.ts";
import { PartUnderWayError, TotalsDifferError, UsageChangedError } from "./failures.ts";
import { addTallies, NOTHING, type Tally } from "./part-progress.ts";
import { manifestHash, requireManifest, totalsOf } from "./plan-day.ts";
import type { DayBook, NightShelf, UsageShelf } from "./ports.ts";

/** How the parts of a day ended: "" or the name of the error that stopped a part. */
export interface PartEnd {
  readonly part: number;
  readonly error: string;
}

/** Parts whose progress is read at once. */
const AT_ONCE = 20;
/** Failed parts that are named. */
const NAMED = 10;

/**
 * Settles a day: adds up its parts, and compares what was charged with what the manifest's sums come to, which must be
 * equal to the attodollar. A day with parts that failed, or with charges that were withheld, stays open, and says so.
 * A settled day is closed last of all, once its mail went out: what is closed, no later run looks at again.
 * @throws TotalsDifferError, UsageChangedError, PartUnderWayError
 */
export async function settleDay(
  {
    day,
    time,
    manifest: planned,
    parts,
  }: { day: Day; time: Date; manifest: string; parts: readonly PartEnd[] },
  terms: Billing,
  { usage, shelf, book }: { usage: UsageShelf; shelf: NightShelf; book: DayBook },
): Promise<DayRecord> {
  const manifest = await requireManifest(day, usage);
  if (manifestHash(manifest) !== planned)
    throw new UsageChangedError(`the manifest of ${day} changed after the night had begun`);
  const { tally, replaced, isWhole } = await addUp(day, manifest.parts.length, shelf);
  const failed = parts.filter(({ error }) => error !== "");
  if (failed.length === 0 && !isWhole) throw new PartUnderWayError(`another run is still billing ${day}`);
  const approvals = (await book.read(day))?.approvals ?? [];
  const open = openPoints(failed, tally, replaced, planned, approvals);
  if (open.state === "settled") requireTotals(totalsOf(manifest, day, terms), tally);
  const record = { day, time: time.toISOString(), manifest: planned, approvals, tally, ...open };
  await book.write(record);
  return record;
}

/** What keeps a day from being closed; parts that failed come first, since they are to be read before all else. */
function openPoints(
  failed: readonly PartEnd[],
  { withheldCount, wrong }: Tally,
  replaced: number,
  manifest: string,
  approvals: readonly string[],
): Pick<DayRecord, "state" | "reasons" | "waitsFor"> {
  if (failed.length > 0) {
    const names = failed.slice(0, NAMED).map(({ part, error }) => `part ${part} was not billed: ${error}`);
    const more = failed.length > NAMED ? [`and ${failed.length - NAMED} more parts`] : [];
    return { state: "partial", reasons: [...names, ...more] };
  }
  const points = [
    { what: "charges", reasons: withheldCount === 0 ? [] : [`${withheldCount} charges were withheld`] },
    { what: "books", reasons: [...wrong, ...replacedUsage(replaced)] },
  ] as const;
  for (const { what, reasons } of points) {
    const waitsFor = approvalOf(what, manifest);
    if (reasons.length > 0 && !approvals.includes(waitsFor))
      return { state: "held", reasons: [...reasons], waitsFor };
  }
  return { state: "settled", reasons: points.flatMap(({ reasons }) => reasons) };
}

/** An account that is charged another amount is named; one that the new usage does not know cannot be. */
function replacedUsage(count: number): string[] {
  return count === 0
    ? []
    : [
        `${count} accounts were billed by usage that was replaced since: who is not in it any more was charged`,
      ];
}

async function addUp(
  day: Day,
  count: number,
  shelf: NightShelf,
): Promise<{ readonly tally: Tally; readonly replaced: number; readonly isWhole: boolean }> {
  let total = NOTHING;
  let isWhole = true;
  let replaced = await doneBeyond(day, count, shelf);
  const parts = Array.from({ length: count }, (_, part) => part);
  for (let first = 0; first < count; first += AT_ONCE) {
    const some = parts.slice(first, first + AT_ONCE);
    const kept = await Promise.all(some.map((part) => shelf.progress(day, part)));
    total = kept.map((one) => one?.tally ?? NOTHING).reduce(addTallies, total);
    isWhole &&= kept.every((one) => one?.done === true);
    for (const one of kept) replaced += one?.replaced ?? 0;
  }
  return { tally: total, replaced, isWhole };
}

/** Accounts of parts that the day has no more: its usage was replaced by fewer parts. */
async function doneBeyond(day: Day, count: number, shelf: NightShelf): Promise<number> {
  const kept = await shelf.progress(day, count);
  return kept === undefined ? 0 : kept.cursor + kept.replaced + (await doneBeyond(day, count + 1, shelf));
}

/** Charged and not charged together are the manifest's sums, or something is very wrong. */
function requireTotals(expected: { readonly accounts: number; readonly charge: bigint }, tally: Tally): void {
  const found = sum([revenueOf({ tally }), tally.unbilledCharge]);
  if (found === expected.charge && tally.accounts + tally.unbilledCount === expected.accounts) return;
  throw new TotalsDifferError(
    `charged ${revenueOf({ tally })} attodollars and not charged ${tally.unbilledCharge}, together ` +
      `${minus(found, expected.charge as typeof found)} off what the usage comes to`,
  );
}
