import { type Attodollars, AttodollarText, chargeFor, type Rates, sum, type Usage, ZERO } from "#ledger";
import { z } from "#platform";
import type { ChargeOutcome } from "./charge-account.ts";

/** How many accounts are named of each sort; beyond that they are counted. */
const NAMED = 20;
/** The largest changes that a part reports. */
const LARGEST = 10;

const Count = z.number().int().min(0);
const Bytes = z
  .string()
  .regex(/^\d{1,38}$/)
  .transform((text) => BigInt(text));
const Change = z.object({ account: z.string(), before: AttodollarText, now: AttodollarText });

/** What a part of a night came to, or a whole night: sums over accounts, and the few that somebody should look at. */
export const TallySchema = z.object({
  accounts: Count,
  storage: AttodollarText,
  bandwidth: AttodollarText,
  storedBytes: Bytes,
  bytesIn: Bytes,
  bytesOut: Bytes,
  /** What the accounts that were not charged would have been charged. */
  unbilledCharge: AttodollarText,
  unbilledCount: Count,
  /** "a1: parked" */
  unbilled: z.array(z.string()),
  withheldCount: Count,
  /** Accounts whose books are not in order. */
  wrong: z.array(z.string()),
  low: Count,
  suspended: Count,
  /** Suspended accounts whose countdown has run out. */
  deletable: z.array(z.string()),
  largest: z.array(Change),
});

export type Tally = z.infer<typeof TallySchema>;

/** How far a part is. `sha256` says of which object, `rates` at which prices it was tallied. */
export const PartProgressSchema = z.object({
  sha256: z.string(),
  rates: z.string().default(""),
  /** Accounts of the part that are done. */
  cursor: Count,
  done: z.boolean(),
  /** Accounts that were done by usage that stood in this one's place before. Who of them was charged is not known here. */
  replaced: Count.default(0),
  tally: TallySchema,
});

export type PartProgress = z.infer<typeof PartProgressSchema>;

export const NOTHING: Tally = {
  accounts: 0,
  storage: ZERO,
  bandwidth: ZERO,
  storedBytes: 0n,
  bytesIn: 0n,
  bytesOut: 0n,
  unbilledCharge: ZERO,
  unbilledCount: 0,
  unbilled: [],
  withheldCount: 0,
  wrong: [],
  low: 0,
  suspended: 0,
  deletable: [],
  largest: [],
};

/** The tally of one account. `today` decides whether its countdown has run out. */
export function tallyOf(
  name: string,
  usage: Usage,
  rates: Rates,
  outcome: ChargeOutcome,
  today: string,
): Tally {
  const { storage, bandwidth, total } = chargeFor(usage, rates);
  if (outcome.kind !== "charged") {
    const why = outcome.kind === "withheld" ? "withheld, many times its last charge" : outcome.why;
    const isWrong = /add up|is charged|closed|is broken/.test(why);
    return {
      ...NOTHING,
      unbilledCharge: total,
      unbilledCount: 1,
      unbilled: [`${name}: ${why}`],
      withheldCount: outcome.kind === "withheld" ? 1 : 0,
      wrong: isWrong ? [`${name}: ${why}`] : [],
    };
  }
  const { account, before } = outcome;
  const isDue = account.deletableFrom !== undefined && account.deletableFrom <= today;
  return {
    ...NOTHING,
    ...usage,
    accounts: 1,
    storage,
    bandwidth,
    low: account.lowOn !== undefined && account.balance > 0n ? 1 : 0,
    suspended: account.balance <= 0n ? 1 : 0,
    deletable: isDue ? [name] : [],
    largest: before === undefined || before === total ? [] : [{ account: name, before, now: total }],
  };
}

/** Tallies taken together. */
export function addTallies(one: Tally, other: Tally): Tally {
  return {
    accounts: one.accounts + other.accounts,
    storage: sum([one.storage, other.storage]),
    bandwidth: sum([one.bandwidth, other.bandwidth]),
    storedBytes: one.storedBytes + other.storedBytes,
    bytesIn: one.bytesIn + other.bytesIn,
    bytesOut: one.bytesOut + other.bytesOut,
    unbilledCharge: sum([one.unbilledCharge, other.unbilledCharge]),
    unbilledCount: one.unbilledCount + other.unbilledCount,
    unbilled: [...one.unbilled, ...other.unbilled].slice(0, NAMED),
    withheldCount: one.withheldCount + other.withheldCount,
    wrong: [...one.wrong, ...other.wrong].slice(0, NAMED),
    low: one.low + other.low,
    suspended: one.suspended + other.suspended,
    deletable: [...one.deletable, ...other.deletable].slice(0, NAMED),
    largest: [...one.largest, ...other.largest].sort(byChange).slice(0, LARGEST),
  };
}

function byChange(one: Change, other: Change): number {
  const [a, b] = [changeOf(one), changeOf(other)];
  return a === b ? (one.account < other.account ? -1 : 1) : a < b ? 1 : -1;
}

function changeOf({ before, now }: Change): bigint {
  return now > before ? now - before : before - now;
}

type Change = { readonly account: string; readonly before: Attodollars; readonly now: Attodollars };
