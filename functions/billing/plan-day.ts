import { createHash } from "node:crypto";
import type { Billing } from "#fleet";
import { addDays, chargeFor, type Day, sum } from "#ledger";
import { type DayTotals, reasonsToHold } from "./bounds.ts";
import { approvalOf, type DayRecord, revenueOf, toJson } from "./day-record.ts";
import { UsageMissingError } from "./failures.ts";
import { NOTHING } from "./part-progress.ts";
import type { DayBook, UsageShelf } from "./ports.ts";
import { ratesFor } from "./terms.ts";
import type { Manifest } from "./usage/manifest.ts";

/** How a day is to be billed. Parts go by their numbers: the rest stands in the manifest. */
export interface DayPlan {
  readonly day: Day;
  readonly manifest: string;
  readonly held: boolean;
  /** Why it is held, or what was approved; empty when nothing looks wrong. */
  readonly reason: string;
  /** Whether charges may be many times the last ones. */
  readonly chargesApproved: boolean;
  readonly parts: readonly { readonly part: number }[];
}

/**
 * Judges a day by its manifest before anybody is charged: charges are linear in usage, so its sums say to the last
 * attodollar what the day will come to.
 * @throws UsageMissingError
 */
export async function planDay(
  day: Day,
  time: Date,
  terms: Billing,
  { usage, book }: { usage: UsageShelf; book: DayBook },
): Promise<DayPlan> {
  const manifest = await requireManifest(day, usage);
  const sha256 = manifestHash(manifest);
  const record = await book.read(day);
  const approvals = record?.approvals ?? [];
  const before = await totalsBefore(day, book);
  const reasons = reasonsToHold(totalsOf(manifest, day, terms), before, terms.holdWhen);
  const waitsFor = approvalOf("totals", sha256);
  const held = reasons.length > 0 && !approvals.includes(waitsFor);
  if (held) await book.write(heldRecord({ day, time, manifest: sha256, reasons, waitsFor }));
  return {
    day,
    manifest: sha256,
    held,
    reason: reasons.join("; "),
    chargesApproved: approvals.includes(approvalOf("charges", sha256)),
    parts: manifest.parts.map((_, part) => ({ part })),
  };
}

/** The manifest of a day. @throws UsageMissingError */
export async function requireManifest(day: Day, usage: UsageShelf): Promise<Manifest> {
  const manifest = await usage.manifest(day);
  if (manifest === undefined)
    throw new UsageMissingError(`usage/${day}/manifest.json is not there: the day cannot be billed yet`);
  return manifest;
}

/** What tells one manifest from another: SHA-256 of what it says. */
export function manifestHash(manifest: Manifest): string {
  return createHash("sha256").update(toJson(manifest)).digest("hex");
}

/** What a day will come to, by its manifest. */
export function totalsOf(manifest: Manifest, day: Day, terms: Billing): DayTotals {
  return { accounts: manifest.accounts, charge: chargeFor(manifest, ratesFor(terms, day)).total };
}

async function totalsBefore(day: Day, book: DayBook): Promise<DayTotals | undefined> {
  const before = await book.read(addDays(day, -1));
  if (before === undefined) return undefined;
  // What was not charged was used all the same, and is in this day's sums as well.
  const { accounts, unbilledCount, unbilledCharge } = before.tally;
  return { accounts: accounts + unbilledCount, charge: sum([revenueOf(before), unbilledCharge]) };
}

function heldRecord(known: {
  day: Day;
  time: Date;
  manifest: string;
  reasons: string[];
  waitsFor: string;
}): DayRecord {
  return { ...known, time: known.time.toISOString(), state: "held", approvals: [], tally: NOTHING };
}
