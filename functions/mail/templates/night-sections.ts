import { formatDollars, minus } from "#ledger";
import type { FactsOf } from "../notice.ts";
import {
  type Block,
  chart,
  command,
  facts,
  figures,
  list,
  paragraph,
  type Row,
  section,
} from "./document.ts";
import { change, countChange, counted, gigabytes, grouped } from "./in-words.ts";

type Night = FactsOf<"night-report">;

/** As many accounts of a sort as billing names (billing/part-progress.ts): with so many there may be more. */
const NAMED = 20;

/** What was charged, and how that compares with the day before. */
export function money({ storage, bandwidth, revenue, previous }: Night): Block[] {
  const total: Row = { label: "Revenue", value: formatDollars(revenue), total: true };
  return [
    section("Charged"),
    figures([
      { label: "Storage", value: formatDollars(storage) },
      { label: "Bandwidth", value: formatDollars(bandwidth) },
      total,
      ...(previous === null
        ? []
        : [
            { label: `On ${previous.day}`, value: formatDollars(previous.revenue) },
            { label: "Difference", value: change(minus(revenue, previous.revenue)) },
          ]),
    ]),
  ];
}

/** How many accounts there are, in which state, and what they used. */
export function usage(night: Night): Block[] {
  const { accounts, low, suspended, previous, storedBytes, bytesIn, bytesOut } = night;
  const moved = previous && countChange(BigInt(accounts) - BigInt(previous.accounts));
  const against = previous ? { note: `${moved} since ${previous.day} (${grouped(previous.accounts)})` } : {};
  return [
    section("Accounts and usage"),
    facts([
      { label: "Charged", value: counted(accounts, "account"), ...against },
      { label: "Low", value: counted(low, "account") },
      { label: "Suspended", value: counted(suspended, "account") },
      bytesRow("Stored", storedBytes),
      bytesRow("In", bytesIn),
      bytesRow("Out", bytesOut),
    ]),
  ];
}

/** Revenue and accounts of the last nights. */
export function charts({ history }: Night): Block[] {
  if (history.length === 0) return [];
  const revenue = history.map((one) => {
    return { day: one.day, size: one.revenue, words: formatDollars(one.revenue) };
  });
  const accounts = history.map((one) => {
    return { day: one.day, size: BigInt(one.accounts), words: grouped(one.accounts) };
  });
  return [section("The last nights"), chart("Revenue", revenue), chart("Accounts", accounts)];
}

/** The charges that moved most since the day before. */
export function largestChanges({ largest }: Night): Block[] {
  if (largest.length === 0) return [];
  const rows = largest.map(({ account, before, now }) => {
    const note = `${change(minus(now, before))}, after ${formatDollars(before)} the day before`;
    return { label: account, value: formatDollars(now), note };
  });
  return [section("Largest changes"), figures(rows)];
}

/** Accounts that wait for the owner, and accounts that were not charged. */
export function namedAccounts({ deletable, unbilled, unbilledCount = unbilled.length }: Night): Block[] {
  return [
    ...(deletable.length === 0
      ? []
      : [
          section("Past their seven days"),
          paragraph("The data of these accounts is kept until you approve its deletion:"),
          list(deletable),
          ...andMore(
            deletable.length < NAMED ? "" : `The first ${deletable.length} are named; there may be more.`,
          ),
          command("nightshift accounts delete ACCOUNT --approved-by YOU"),
        ]),
    ...(unbilled.length === 0
      ? []
      : [
          section(`Not charged: ${counted(unbilledCount, "account")}`),
          list(unbilled),
          ...andMore(unbilledCount > unbilled.length ? `The first ${unbilled.length} are named.` : ""),
        ]),
  ];
}

/** What became of the customers' mail. */
export function mailSection({ mail }: Night): Block[] {
  if (mail === null) return [];
  const { sent, already, suppressed, refused, refusedMore } = mail;
  return [
    section("Mail to customers"),
    facts([
      { label: "Sent", value: grouped(sent) },
      { label: "Sent before", value: grouped(already) },
      {
        label: "Suppressed",
        value: grouped(suppressed),
        note: "addresses that bounced, or whose owners complained",
      },
      { label: "Refused", value: grouped(refused.length + refusedMore) },
    ]),
    ...(refused.length === 0 ? [] : [list(refused)]),
    ...andMore(refusedMore === 0 ? "" : `The first ${refused.length} are named.`),
  ];
}

function andMore(text: string): Block[] {
  return text === "" ? [] : [paragraph(text)];
}

function bytesRow(label: string, bytes: bigint): Row {
  return { label, value: counted(bytes, "byte"), note: `${gigabytes(bytes)} GB` };
}
