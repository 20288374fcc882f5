import { type Day, daysIn, monthOf } from "./calendar.ts";
import { type Attodollars, attodollars, picodollars, sum, times } from "./money.ts";

/** What is charged from a day on. Prices in picodollars, 10^-12 $. */
export interface Tariff {
  readonly from: Day;
  readonly storagePicodollarsPerByteMonth: bigint;
  readonly bandwidthPicodollarsPerByte: bigint;
}

/** What an account used on a day: bytes stored at its end, and bytes that came in and went out. */
export interface Usage {
  readonly storedBytes: bigint;
  readonly bytesIn: bigint;
  readonly bytesOut: bigint;
}

/** Attodollars per byte: of storage for one day, and of bandwidth. */
export interface Rates {
  readonly storagePerByteDay: Attodollars;
  readonly bandwidthPerByte: Attodollars;
}

/** What a day costs. */
export interface Charge {
  readonly storage: Attodollars;
  readonly bandwidth: Attodollars;
  readonly total: Attodollars;
}

/**
 * The rates of a day. The monthly price is divided by the days of that month and rounded down, in the customer's
 * favour (tarsnap.com/picoUSD-why.html): 250 picodollars are 8,333,333 attodollars a byte and day in November.
 * @throws RangeError when no tariff is in force yet
 */
export function ratesOn(day: Day, tariffs: readonly Tariff[]): Rates {
  const tariff = tariffs.filter(({ from }) => from <= day).sort((a, b) => (a.from < b.from ? 1 : -1))[0];
  if (tariff === undefined) throw new RangeError(`no tariff is in force on ${day}`);
  const monthly = picodollars(tariff.storagePicodollarsPerByteMonth);
  return {
    storagePerByteDay: attodollars(monthly / BigInt(daysIn(monthOf(day)))),
    bandwidthPerByte: picodollars(tariff.bandwidthPicodollarsPerByte),
  };
}

/**
 * What usage costs at these rates. Linear, without further rounding: the sum of all accounts' charges is exactly the
 * charge of the sum of their usage, which is how a night's total is checked.
 */
export function chargeFor({ storedBytes, bytesIn, bytesOut }: Usage, rates: Rates): Charge {
  const storage = times(rates.storagePerByteDay, storedBytes);
  const bandwidth = times(rates.bandwidthPerByte, bytesIn + bytesOut);
  return { storage, bandwidth, total: sum([storage, bandwidth]) };
}
