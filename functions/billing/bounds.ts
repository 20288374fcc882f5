import type { Billing } from "#fleet";
import { type Attodollars, attodollars, type Charge, formatDollars } from "#ledger";

/** What makes a night wait (fleet.yml, billing.holdWhen). */
export type HoldWhen = Billing["holdWhen"];

/** A day's sums, as they are compared from day to day. */
export interface DayTotals {
  readonly accounts: number;
  readonly charge: Attodollars;
}

/** Charges up to a dollar a day are never withheld: a hundred times next to nothing is still next to nothing. */
const UNREMARKABLE = attodollars(10n ** 18n);

/** Reasons not to charge a day before somebody has looked. Judged before anybody is charged. */
export function reasonsToHold(today: DayTotals, before: DayTotals | undefined, hold: HoldWhen): string[] {
  if (before === undefined) return [];
  const difference =
    today.charge > before.charge ? today.charge - before.charge : before.charge - today.charge;
  const allowed = before.charge * hundredths(hold.totalPercent);
  const total = `${formatDollars(today.charge)} in all, after ${formatDollars(before.charge)} the day before`;
  const gone = (before.accounts - today.accounts) * 100;
  const count = `${today.accounts} accounts, after ${before.accounts} the day before`;
  return [
    ...(difference * 10_000n > allowed ? [`${total}: more than ${hold.totalPercent} % apart`] : []),
    ...(gone > before.accounts * hold.countDropPercent
      ? [`${count}: over ${hold.countDropPercent} % fewer`]
      : []),
  ];
}

/**
 * What an account's last charge must have been for this one to pass: a hundredth of it, by default. It is a condition
 * of the charge itself, so that a suspicious charge is never made. Undefined: the charge is unremarkable.
 */
export function leastLastCharge({ total }: Charge, { chargeTimes }: HoldWhen): Attodollars | undefined {
  if (total <= UNREMARKABLE) return undefined;
  const factor = BigInt(chargeTimes);
  return attodollars((total + factor - 1n) / factor);
}

/** A percentage with up to two decimals as ten-thousandths, so that no fraction meets an amount. */
function hundredths(percent: number): bigint {
  return BigInt(Math.round(percent * 100));
}
