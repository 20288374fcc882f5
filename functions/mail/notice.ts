import { AttodollarText, DayText } from "#ledger";
import { z } from "#platform";

/*
 * Notices: what other domains have to tell somebody. They say what happened, as facts; what a mail says about it, and
 * how it looks, is the template's affair. This is the contract between the domains that write notices and this one.
 */

const Count = z.number().int().min(0);
const Bytes = z
  .string()
  .regex(/^\d{1,40}$/, "whole bytes, as text")
  .transform((text) => BigInt(text));
const Name = z.string().min(1).max(200);
/** Letters beyond ASCII could look like others, and would be a way to show one host and to mean another. */
const Link = z
  .string()
  .max(2000)
  .regex(/^https:\/\/[\x21\x23-\x3b\x3d\x3f-\x7e]+$/, "an address in ASCII that begins with https://");

const Change = z.object({ account: Name, before: AttodollarText, now: AttodollarText });
const DayTotals = z.object({ day: DayText, accounts: Count, revenue: AttodollarText });

/** The facts of each template. */
const FACTS = {
  "address-confirmation": z.object({
    account: Name,
    link: Link,
    expires: z.iso.datetime({ offset: true }),
  }),
  "payment-received": z.object({
    account: Name,
    payment: Name,
    on: DayText,
    amount: AttodollarText,
    balance: AttodollarText,
  }),
  /** daysLeft: whole days of storage, at the present rate, that the balance still pays. */
  "balance-low": z.object({
    account: Name,
    on: DayText,
    balance: AttodollarText,
    storagePerDay: AttodollarText,
    daysLeft: Count,
  }),
  suspended: z.object({ account: Name, on: DayText, balance: AttodollarText, deletableFrom: DayText }),
  "deletion-warning": z.object({ account: Name, balance: AttodollarText, deletableFrom: DayText }),
  /** byteDays: the sum over the days of what was stored; days: how many were charged. */
  statement: z.object({
    account: Name,
    month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, "a month like 2026-11"),
    opening: AttodollarText,
    closing: AttodollarText,
    storageCharged: AttodollarText,
    bandwidthCharged: AttodollarText,
    byteDays: Bytes,
    bytesIn: Bytes,
    bytesOut: Bytes,
    days: Count,
    entries: z.array(z.object({ id: Name, kind: Name, on: DayText, amount: AttodollarText })),
  }),
  /**
   * To the owner. history: oldest first, at most 30 days, this one included if it was billed. deletable, unbilled and
   * refused name the first ones; unbilledCount, if it is there, counts them all, and refusedMore those beyond.
   */
  "night-report": z.object({
    day: DayText,
    state: z.enum(["closed", "held", "partial", "failed"]),
    reasons: z.array(z.string()),
    approve: z.string().max(200).nullable(),
    accounts: Count,
    revenue: AttodollarText,
    storage: AttodollarText,
    bandwidth: AttodollarText,
    storedBytes: Bytes,
    bytesIn: Bytes,
    bytesOut: Bytes,
    low: Count,
    suspended: Count,
    deletable: z.array(z.string()),
    unbilled: z.array(z.string()),
    unbilledCount: Count.optional(),
    previous: DayTotals.nullable(),
    largest: z.array(Change),
    history: z.array(DayTotals).max(31),
    mail: z
      .object({
        sent: Count,
        already: Count,
        suppressed: Count,
        refused: z.array(z.string()),
        refusedMore: Count.default(0),
      })
      .nullable(),
  }),
} as const;

export type TemplateName = keyof typeof FACTS;
export const TEMPLATE_NAMES = Object.keys(FACTS) as TemplateName[];

function noticeOf<Name extends TemplateName>(template: Name) {
  return z.object({
    /** Says which mail this is; with the recipient it is the send ledger's key. */
    id: z.string().min(1).max(200),
    template: z.literal(template),
    to: z.string().min(3).max(254),
    facts: FACTS[template],
  });
}

/** A notice as it stands in a file or comes from a state machine. Facts that no template knows are dropped. */
export const NoticeSchema = z.discriminatedUnion("template", [
  noticeOf("address-confirmation"),
  noticeOf("payment-received"),
  noticeOf("balance-low"),
  noticeOf("suspended"),
  noticeOf("deletion-warning"),
  noticeOf("statement"),
  noticeOf("night-report"),
]);

export type Notice = z.infer<typeof NoticeSchema>;
/** The facts of one template. */
export type FactsOf<Name extends TemplateName> = z.infer<(typeof FACTS)[Name]>;
