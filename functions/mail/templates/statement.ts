import { formatDollars, negate } from "#ledger";
import type { FactsOf } from "../notice.ts";
import {
  customerFooter,
  type Document,
  facts,
  figures,
  paragraph,
  type Row,
  type Sender,
  section,
} from "./document.ts";
import { counted, gigabytes, grouped } from "./in-words.ts";

/** A month of an account: what was there, what came and went, what is left. The column adds up. */
export function statement(month: FactsOf<"statement">, sender: Sender): Document {
  return {
    subject: `${sender.service}: statement for ${month.month}`,
    tone: "calm",
    heading: `Statement for ${month.month}`,
    blocks: [
      facts([
        { label: "Account", value: month.account },
        { label: "Month", value: month.month },
      ]),
      section("Balance"),
      figures(balanceRows(month)),
      section("Usage"),
      facts([
        {
          label: "Stored",
          value: `${grouped(month.byteDays)} byte-days`,
          note: `${gigabytes(month.byteDays)} GB-days`,
        },
        { label: "Sent to us", value: bytes(month.bytesIn), note: `${gigabytes(month.bytesIn)} GB` },
        { label: "Sent by us", value: bytes(month.bytesOut), note: `${gigabytes(month.bytesOut)} GB` },
      ]),
      paragraph(
        "Byte-days are the bytes stored at the end of each day that was charged, added up. A GB is 1,000,000,000 bytes.",
      ),
    ],
    footer: customerFooter(sender, month.account),
  };
}

/** Entries may have happened before the month in which they were booked; they stand in the order of their days. */
function balanceRows({
  opening,
  closing,
  storageCharged,
  bandwidthCharged,
  days,
  entries,
}: FactsOf<"statement">): Row[] {
  const booked = entries.toSorted((one, other) => (one.on === other.on ? 0 : one.on < other.on ? -1 : 1));
  return [
    { label: "At the beginning", value: formatDollars(opening) },
    ...booked.map(({ id, kind, on, amount }) => {
      return { label: `${on} ${kind}`, value: formatDollars(amount), note: id };
    }),
    { label: `Storage, ${counted(days, "day")}`, value: formatDollars(negate(storageCharged)) },
    { label: "Bandwidth", value: formatDollars(negate(bandwidthCharged)) },
    { label: "At the end", value: formatDollars(closing), total: true },
  ];
}

function bytes(count: bigint): string {
  return counted(count, "byte");
}
