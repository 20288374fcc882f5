import {
  type Account,
  attodollars,
  type Day,
  daysBetween,
  type Month,
  picodollars,
  times,
  type Usage,
  ZERO,
} from "#ledger";
import type { UsageLine } from "../../functions/billing/usage/usage-line.ts";

const MB = 10n ** 6n;
const GB = 10n ** 9n;
const TB = 10n ** 12n;
const PB = 10n ** 15n;

/** How many accounts in a thousand are below a row's end, and from what size on: ten times as much is the most. */
const SIZES: readonly (readonly [until: bigint, from: bigint])[] = [
  [120n, MB],
  [400n, 100n * MB],
  [750n, 3n * GB],
  [950n, 40n * GB],
  [997n, 500n * GB],
  [999n, 20n * TB],
  [1000n, PB],
];

/** Sizes grow from here on. Before it they stand still. */
const FIRST_DAY: Day = "2026-01-01";
/** 250 picodollars per byte-month (fleet.yml's price), by the day of a month of 30. */
const STORAGE_PER_BYTE_DAY = attodollars(picodollars(250n) / 30n);
const CENT = attodollars(10n ** 16n);
const LEAST_PAYMENT_CENTS = 500n;

/**
 * Accounts for rehearsals and benches: opened in a month with a payment for one day to a year of what they store, and
 * not charged yet. The same every time. `a00001` is the first.
 * @param domain of their mail addresses
 */
export function* sampleAccounts(
  count: number,
  month: Month = "2026-11",
  domain = "example.net",
): Generator<Account> {
  for (let index = 0; index < count; index += 1) {
    const account = nameOf(index);
    const on: Day = `${month}-01` as Day;
    const amount = paymentOf(index, storedOn(on, index));
    yield {
      account,
      mail: `${account}@${domain}`,
      revision: 0n,
      month,
      opening: ZERO,
      balance: amount,
      charges: {},
      entries: { "first-payment": { kind: "payment", amount, on } },
      used: { storedBytes: 0n, bytesIn: 0n, bytesOut: 0n },
      storageCharged: ZERO,
    };
  }
}

/**
 * What the first `count` sample accounts used on a day: most a few gigabytes, one in a thousand over a petabyte. They
 * grow from day to day; one in four uploads nothing, and hardly anybody restores. The same every time.
 */
export function* sampleUsage(day: Day, count: number): Generator<UsageLine> {
  for (let index = 0; index < count; index += 1) yield { account: nameOf(index), ...usageOf(day, index) };
}

function nameOf(index: number): string {
  return `a${String(index + 1).padStart(5, "0")}`;
}

function usageOf(day: Day, index: number): Usage {
  const storedBytes = storedOn(day, index);
  const today = hash(index, 1_000n + BigInt(daysBetween("1970-01-01", day)));
  const bytesIn = today % 4n === 0n ? 0n : (storedBytes * (today % 997n)) / 100_000n;
  const bytesOut = today % 61n === 0n ? storedBytes / 7n : bytesIn / 100n;
  return { storedBytes, bytesIn, bytesOut };
}

/** Up to 0.05 % a day more than on the first day. */
function storedOn(day: Day, index: number): bigint {
  const kind = hash(index, 1n) % 1000n;
  const from = SIZES.find(([until]) => kind < until)?.[1] ?? PB;
  const first = from + (hash(index, 2n) % (9n * from));
  const days = BigInt(daysBetween(FIRST_DAY, day));
  return days <= 0n ? first : first + (first * days * (hash(index, 3n) % 500n)) / 1_000_000n;
}

/** Whole cents, and what the service takes at least. */
function paymentOf(index: number, storedBytes: bigint) {
  const days = 1n + (hash(index, 4n) % 365n);
  const cents = times(STORAGE_PER_BYTE_DAY, storedBytes * days) / CENT;
  return times(CENT, cents < LEAST_PAYMENT_CENTS ? LEAST_PAYMENT_CENTS : cents);
}

/** 64 bits that follow from an index and a purpose: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
function hash(index: number, purpose: bigint): bigint {
  const word = (bits: bigint) => BigInt.asUintN(64, bits);
  const seed = word(BigInt(index + 1) * 0x9e37_79b9_7f4a_7c15n + purpose * 0xd1b5_4a32_d192_ed03n);
  const mixed = word((seed ^ (seed >> 30n)) * 0xbf58_476d_1ce4_e5b9n);
  const again = word((mixed ^ (mixed >> 27n)) * 0x94d0_49bb_1331_11ebn);
  return again ^ (again >> 31n);
}
