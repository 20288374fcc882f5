import type { CheckOf } from "#fleet";
import { type Finding, failed, good } from "./finding.ts";

/** Money that is left with Twilio. */
export interface Balance {
  /** In units of the currency, as Twilio writes it: "12.345", or "-0.5". */
  readonly amount: string;
  /** ISO 4217: "USD". */
  readonly currency: string;
}

/** Whether enough is left with Twilio. An account in another currency is taken by its figure. */
export function judgeBalance(
  { amount, currency }: Balance,
  { minimumDollars }: Pick<CheckOf<"twilio">, "minimumDollars">,
): Finding {
  const left = Number(amount);
  if (!Number.isFinite(left))
    return failed(`Twilio names a balance that is no number: "${amount.slice(0, 20)}"`);
  const words = `${(Math.floor(left * 100) / 100).toFixed(2)} ${currency} left with Twilio`;
  return left < minimumDollars
    ? failed(`${words}, expected ${minimumDollars.toFixed(2)} or more`)
    : good(words);
}
