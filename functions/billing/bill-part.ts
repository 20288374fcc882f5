import type { Billing } from "#fleet";
import { chargeFor, type Day, dayOf, type Rates } from "#ledger";
import { leastLastCharge } from "./bounds.ts";
import { type ChargeOutcome, chargeAccount } from "./charge-account.ts";
import { AccountBrokenError, UsageChangedError } from "./failures.ts";
import { type Notice, noticesFor } from "./notices.ts";
import { addTallies, NOTHING, type PartProgress, type Tally, tallyOf } from "./part-progress.ts";
import { manifestHash, requireManifest } from "./plan-day.ts";
import type { ChargeRequest, Ledger, NightShelf, Pace, UsageShelf } from "./ports.ts";
import { ratesFor } from "./terms.ts";
import type { UsageLine } from "./usage/usage-line.ts";

/** Parts that are billed at once: MaxConcurrency of BillParts in billing-nightly.asl.json. */
export const PARTS_AT_ONCE = 10;
/** Accounts that are charged at once within a part. */
const BATCH = 20;
/** A function has 90 s; what is under way when this has passed is finished, and the rest left to the next call. */
const BUDGET_MILLISECONDS = 55_000;

/** What one call works on. */
export interface PartTask {
  readonly day: Day;
  readonly time: Date;
  readonly part: number;
  /** Hash of the manifest that the day was planned by. */
  readonly manifest: string;
  readonly chargesApproved: boolean;
}

export interface PartPorts {
  readonly usage: UsageShelf;
  readonly ledger: Ledger;
  readonly shelf: NightShelf;
  readonly pace: Pace;
}

/**
 * Bills a part of a day from where the last call left off, and answers whether it is through. How far it is stands on
 * the shelf, written after the charges and their notices: a call that dies is repeated from the same place, and finds
 * its charges made.
 * @throws UsageChangedError, UsageMissingError, CorruptPartError
 */
export async function billPart(task: PartTask, terms: Billing, ports: PartPorts): Promise<boolean> {
  const { day, part } = task;
  const manifest = await requireManifest(day, ports.usage);
  const entry = manifest.parts[part];
  if (entry === undefined || manifestHash(manifest) !== task.manifest)
    throw new UsageChangedError(`the manifest of ${day} changed after the night had begun`);
  const basis = { sha256: entry.sha256, rates: inWords(ratesFor(terms, day)) };
  const progress = startFrom(await ports.shelf.progress(day, part), basis, task);
  if (progress.done) return true;
  const lines = await ports.usage.part(day, entry);
  const reached = await work(lines, progress, task, terms, ports);
  if (reached.notices.length > 0) await ports.shelf.keepNotices(day, part, progress.cursor, reached.notices);
  const done = reached.cursor === lines.length;
  const { cursor, tally } = reached;
  await ports.shelf.keepProgress(day, part, { ...basis, cursor, done, tally, replaced: progress.replaced });
  return done;
}

/** What a part's progress holds for: this usage, at these prices. */
type Basis = Pick<PartProgress, "sha256" | "rates">;

/**
 * Withheld charges that were approved since are tried again, from the part's beginning. That accounts were done by other
 * usage is kept: who is not in this one keeps a charge that nothing here would name.
 */
function startFrom(kept: PartProgress | undefined, basis: Basis, task: PartTask): PartProgress {
  const isOfThese = kept?.sha256 === basis.sha256 && kept.rates === basis.rates;
  const isStale = !isOfThese || (task.chargesApproved && kept.tally.withheldCount > 0);
  if (!isStale) return kept;
  const gone = kept === undefined || kept.sha256 === basis.sha256 ? 0 : kept.cursor;
  return { ...basis, cursor: 0, done: false, tally: NOTHING, replaced: (kept?.replaced ?? 0) + gone };
}

function inWords({ storagePerByteDay, bandwidthPerByte }: Rates): string {
  return `${storagePerByteDay} and ${bandwidthPerByte} attodollars a byte`;
}

async function work(
  lines: readonly UsageLine[],
  { cursor: from, tally: before }: PartProgress,
  task: PartTask,
  terms: Billing,
  { ledger, pace }: PartPorts,
): Promise<{ cursor: number; tally: Tally; notices: Notice[] }> {
  const rates = ratesFor(terms, task.day);
  const notices: Notice[] = [];
  const began = pace.now().getTime();
  let [cursor, tally] = [from, before];
  while (cursor < lines.length && pace.now().getTime() - began < BUDGET_MILLISECONDS) {
    const batch = lines.slice(cursor, cursor + BATCH);
    const charged = await Promise.all(batch.map((line) => chargeLine(line, rates, task, terms, ledger)));
    tally = charged.map((one) => one.tally).reduce(addTallies, tally);
    notices.push(...charged.flatMap((one) => one.notices));
    cursor += batch.length;
    await keepPace(pace, began, cursor - from, terms.writesPerSecond);
  }
  return { cursor, tally, notices };
}

async function chargeLine(
  { account, ...usage }: UsageLine,
  rates: Rates,
  { day, time, part, chargesApproved }: PartTask,
  terms: Billing,
  ledger: Ledger,
): Promise<{ tally: Tally; notices: Notice[] }> {
  const charge = chargeFor(usage, rates);
  const least = chargesApproved ? undefined : leastLastCharge(charge, terms.holdWhen);
  const bound = least === undefined ? {} : { leastLastCharge: least };
  const today = dayOf(time);
  const request: ChargeRequest = { day, part: BigInt(part), usage, charge, ...bound };
  const outcome = await chargeAccount(ledger, account, request, today).catch(unlessBroken);
  const notices = outcome.kind === "charged" ? noticesFor(outcome.account, day, today, outcome.closed) : [];
  return { tally: tallyOf(account, usage, rates, outcome, today), notices };
}

/** A broken account keeps its own day open until somebody has looked, and not the others of its part from being charged. */
function unlessBroken(error: unknown): ChargeOutcome {
  if (!(error instanceof AccountBrokenError)) throw error;
  return { kind: "refused", why: error.message };
}

/** Waits until the accounts that are done may have been done, given this part's share of the table's capacity. */
async function keepPace(pace: Pace, began: number, done: number, writesPerSecond: number): Promise<void> {
  const due = began + (done * 1000 * PARTS_AT_ONCE) / writesPerSecond;
  const early = due - pace.now().getTime();
  if (early > 0) await pace.sleep(early);
}
