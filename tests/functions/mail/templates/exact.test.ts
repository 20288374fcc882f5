import { describe, expect, test } from "@jest/globals";
import { renderNotice } from "../../../../functions/mail/templates/render-notice.ts";
import { SAMPLES, sampleNotice } from "../../../../functions/mail/templates/samples.ts";
import { SENDERS } from "../fakes/notice-desk.ts";
import { shownHtml } from "../fakes/shown-html.ts";

/** What a mail must say of its facts, gathered from them without the code that writes it. */
interface Facts {
  readonly amounts: bigint[];
  readonly bytes: bigint[];
  readonly words: string[];
}

const NOTHING: Facts = { amounts: [], bytes: [], words: [] };

/** Sorted by names: what is called bytes is bytes, every other bigint is an amount, and days are told as they are. */
function factsIn(value: unknown, name = ""): Facts {
  if (typeof value === "bigint")
    return /^byte|Bytes$/.test(name) ? { ...NOTHING, bytes: [value] } : { ...NOTHING, amounts: [value] };
  if (typeof value === "string")
    return /^\d{4}-\d\d-\d\d$/.test(value) ? { ...NOTHING, words: [value] } : NOTHING;
  if (typeof value !== "object" || value === null) return NOTHING;
  return Object.entries(value)
    .map(([key, member]) => factsIn(member, Array.isArray(value) ? name : key))
    .reduce(
      (all, one) => ({
        amounts: [...all.amounts, ...one.amounts],
        bytes: [...all.bytes, ...one.bytes],
        words: [...all.words, ...one.words],
      }),
      NOTHING,
    );
}

/** Every amount that a text names, in attodollars and without its sign. */
function amountsIn(text: string): bigint[] {
  return [...text.matchAll(/\$([\d,]+)\.(\d{2,18})(?!\d)/g)].map(([, whole = "", decimals = ""]) =>
    BigInt(whole.replaceAll(",", "") + decimals.padEnd(18, "0")),
  );
}

/** Every count of bytes that a text names, told twice: to the byte, and in GB. */
function bytesIn(text: string): { bytes: bigint[]; gigabytes: bigint[] } {
  const bytes = [...text.matchAll(/([\d,]+) byte/g)].map(([, count = ""]) =>
    BigInt(count.replaceAll(",", "")),
  );
  const gigabytes = [...text.matchAll(/([\d,]+)(?:\.(\d{1,9}))? GB(?!\w)/g)].map(
    ([, whole = "", decimals = ""]) => BigInt(whole.replaceAll(",", "") + decimals.padEnd(9, "0")),
  );
  return { bytes, gigabytes };
}

const unsigned = (amount: bigint) => (amount < 0n ? -amount : amount);

/** Mails that say all there is. A night that was not charged has no figures; those of others are in its chart. */
const TELLING = SAMPLES.filter(({ name }) => !/held|failed/.test(name));

describe.each(TELLING)("$name", (sample) => {
  const notice = sampleNotice(sample);
  const { text, html } = renderNotice(notice, SENDERS.service);
  const { history: nights = [], ...facts } = notice.facts as { history?: { revenue: bigint }[] };
  const { amounts, bytes, words } = factsIn(facts);
  const forms = [
    ["text", text.replaceAll(/\s+/g, " ")],
    ["HTML", shownHtml(html)],
  ] as const;

  test.each(forms)(
    "its %s names every amount, every count of bytes and every day, to the last digit",
    (_, form) => {
      expect(amountsIn(form)).toEqual(expect.arrayContaining(amounts.map(unsigned)));
      expect(bytesIn(form).bytes).toEqual(expect.arrayContaining(bytes));
      expect(bytesIn(form).gigabytes).toEqual(expect.arrayContaining(bytes));
      for (const word of words) expect(form).toContain(word);
      expect(amounts.length + words.length + Number(sample.name === "address-confirmation")).toBeGreaterThan(
        0,
      );
    },
  );

  test.each(forms)("its %s names no amount that is not among its facts, or their differences", (_, form) => {
    const told = [...amounts, ...nights.map(({ revenue }) => revenue)].map(unsigned);
    const known = new Set([...told, ...told.flatMap((one) => told.map((other) => unsigned(one - other)))]);
    expect(amountsIn(form).filter((amount) => !known.has(amount))).toEqual([]);
  });
});

test("the chart's words name the lowest and the highest night", () => {
  const sample = SAMPLES.find(({ name }) => name === "night-report");
  if (sample === undefined) throw new Error("no sample");
  const notice = sampleNotice(sample);
  if (notice.template !== "night-report") throw new Error("another template");
  const { text } = renderNotice(notice, SENDERS.service);
  const revenue = notice.facts.history.map((one) => one.revenue).sort((a, b) => (a < b ? -1 : 1));
  const chart = text.slice(text.indexOf("Lowest"), text.indexOf("Accounts\n\n"));
  expect(amountsIn(chart)).toEqual([revenue[0], revenue.at(-1)]);
});

test("the sample statement adds up, and costs what the shipped tariff says", () => {
  const sample = SAMPLES.find(({ name }) => name === "statement");
  if (sample === undefined) throw new Error("no sample");
  const notice = sampleNotice(sample);
  if (notice.template !== "statement") throw new Error("another template");
  const { opening, closing, storageCharged, bandwidthCharged, entries, ...used } = notice.facts;
  const booked = entries.reduce((total, { amount }) => total + amount, 0n);
  expect(opening + booked - storageCharged - bandwidthCharged).toBe(closing);
  expect(storageCharged).toBe(used.byteDays * 8_333_333n); // 250 picodollars a month, in November
  expect(bandwidthCharged).toBe((used.bytesIn + used.bytesOut) * 250_000_000n);
});
