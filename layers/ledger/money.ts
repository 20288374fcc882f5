import { z } from "#platform";

declare const unit: unique symbol;

/**
 * An amount of money in attodollars, 10^-18 $, the unit in which Tarsnap accounts (tarsnap.com/picoUSD-why.html).
 * A bigint of its own kind: it cannot be mixed up with a count of bytes, and no number can become one. In JSON it is a
 * decimal string, in DynamoDB a number of at most 38 digits.
 */
export type Attodollars = bigint & { readonly [unit]: "attodollars" };

const PER_DOLLAR = 10n ** 18n;
/** Prices are written in picodollars: 10^-12 $. */
const PER_PICODOLLAR = 10n ** 6n;
/** DynamoDB's numbers have 38 significant digits (developer guide, "Data types"). */
const LIMIT = 10n ** 38n;

/** A whole number of attodollars. @throws RangeError beyond 38 digits, TypeError for what is no bigint after all */
export function attodollars(amount: bigint): Attodollars {
  if (typeof amount !== "bigint") throw new TypeError(`${amount} is not a whole number of attodollars`);
  if (amount >= LIMIT || amount <= -LIMIT) throw new RangeError(`${amount} attodollars have over 38 digits`);
  return amount as Attodollars;
}

export const ZERO: Attodollars = attodollars(0n);

/** An amount as it stands in JSON: "-12500000000000000000". */
export const AttodollarText = z
  .string()
  .regex(/^(0|-?[1-9]\d{0,37})$/, "attodollars: a whole number, as text")
  .transform((text) => attodollars(BigInt(text)));

/** An amount that a person wrote in dollars: "5", "0.25". At most 18 decimals. */
export const DollarText = z
  .string()
  .regex(/^-?\d{1,15}(\.\d{1,18})?$/, 'dollars as text, for example "5.00"')
  .transform((text) => parseDollars(text));

/** Picodollars, in which prices are written, as attodollars. */
export function picodollars(amount: bigint): Attodollars {
  return attodollars(amount * PER_PICODOLLAR);
}

/** The sum of amounts. */
export function sum(amounts: Iterable<Attodollars>): Attodollars {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return attodollars(total);
}

/** The same amount on the other side of the ledger. */
export function negate(amount: Attodollars): Attodollars {
  return attodollars(-amount);
}

/** An amount so many times. */
export function times(amount: Attodollars, count: bigint): Attodollars {
  return attodollars(amount * count);
}

/** One amount less another. */
export function minus(amount: Attodollars, other: Attodollars): Attodollars {
  return attodollars(amount - other);
}

/**
 * An amount for people, exact to the last digit: "$4.992238237884881224", "-$0.50", "$5.00". Two decimals at least;
 * further ones are shown as far as there are any.
 */
export function formatDollars(amount: Attodollars): string {
  const positive = amount < 0n ? -amount : amount;
  const decimals = (positive % PER_DOLLAR).toString().padStart(18, "0").replace(/0+$/, "").padEnd(2, "0");
  const whole = (positive / PER_DOLLAR).toString().replaceAll(/\B(?=(\d{3})+$)/g, ",");
  return `${amount < 0n ? "-" : ""}$${whole}.${decimals}`;
}

function parseDollars(text: string): Attodollars {
  const [whole = "0", decimals = ""] = text.replace("-", "").split(".");
  const amount = BigInt(whole) * PER_DOLLAR + BigInt(decimals.padEnd(18, "0"));
  return attodollars(text.startsWith("-") ? -amount : amount);
}
