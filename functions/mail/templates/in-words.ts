import { type Attodollars, formatDollars } from "#ledger";

const PER_GIGABYTE = 10n ** 9n;

/** A count with its thousands apart: "1,234,567". */
export function grouped(count: bigint | number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

/** "1 account", "1,234 accounts". */
export function counted(count: bigint | number, noun: string): string {
  return `${grouped(count)} ${noun}${String(count) === "1" ? "" : "s"}`;
}

/** Bytes as gigabytes of 10^9, exact to the byte: "12.345678901". */
export function gigabytes(bytes: bigint): string {
  const decimals = (bytes % PER_GIGABYTE).toString().padStart(9, "0").replace(/0+$/, "");
  return `${grouped(bytes / PER_GIGABYTE)}${decimals === "" ? "" : `.${decimals}`}`;
}

/** By how much an amount moved: "+$0.50", "-$0.50", "no change". */
export function change(amount: Attodollars): string {
  if (amount === 0n) return "no change";
  return `${amount > 0n ? "+" : ""}${formatDollars(amount)}`;
}

/** By how much a count moved: "+3", "-1,000", "no change". */
export function countChange(count: bigint): string {
  if (count === 0n) return "no change";
  return count > 0n ? `+${grouped(count)}` : `-${grouped(-count)}`;
}

/** An instant of ISO 8601: "2026-11-23 09:15 UTC". A part of a second is left out, so that it is rather too early. */
export function instant(text: string): string {
  const utc = new Date(text).toISOString();
  return `${utc.slice(0, 10)} ${utc.slice(11, 19).replace(/:00$/, "")} UTC`;
}

/** Amounts of the same width, with their points below each other. `filler` stands for the decimals that one lacks. */
export function alignedAtPoint(amounts: readonly string[], filler: string): string[] {
  const parts = amounts.map((amount) => {
    const at = amount.includes(".") ? amount.lastIndexOf(".") : amount.length;
    return { whole: amount.slice(0, at), decimals: amount.slice(at) };
  });
  const wholeWidth = longest(parts.map(({ whole }) => whole));
  const decimalsWidth = longest(parts.map(({ decimals }) => decimals));
  return parts.map(
    ({ whole, decimals }) => whole.padStart(wholeWidth) + decimals.padEnd(decimalsWidth, filler),
  );
}

/** The most characters that any of these has. */
export function longest(texts: readonly string[]): number {
  return texts.reduce((most, text) => (widthOf(text) > most ? widthOf(text) : most), 0);
}

/** Characters, of which a few take more than one unit of a string. */
export function widthOf(text: string): number {
  return [...text].length;
}
