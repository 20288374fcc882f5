import { type Notice, NoticeSchema, type TemplateName } from "../notice.ts";
import { CLOSED_NIGHT, FAILED_NIGHT, HELD_NIGHT, PARTIAL_NIGHT } from "./sample-night.ts";

/** A notice as it would stand in a file, made up, to see what its mail looks like. */
export interface Sample {
  /** The template's name, with an addition if it is not the template's only sample. */
  readonly name: string;
  readonly template: TemplateName;
  /** When such a mail is sent, in a line. */
  readonly shows: string;
  readonly to: string;
  readonly facts: unknown;
}

const CUSTOMER = "kim@example.net";
const OWNER = "root@example.org";

const ADDRESS_CONFIRMATION: Sample = {
  name: "address-confirmation",
  template: "address-confirmation",
  shows: "an account was opened: is this its address?",
  to: CUSTOMER,
  facts: {
    account: "kim-laptop",
    link: "https://www.example.org/confirm?account=kim-laptop&token=3f9c1b7ae05d42c88e6a",
    expires: "2026-11-24T09:15:00Z",
  },
};

const PAYMENT_RECEIVED: Sample = {
  name: "payment-received",
  template: "payment-received",
  shows: "a payment has come",
  to: CUSTOMER,
  facts: {
    account: "kim-laptop",
    payment: "pi_3QJ8vELkdIwHu7ix28a3tqPa",
    on: "2026-11-22",
    amount: "20000000000000000000",
    balance: "21234567890123456789",
  },
};

const BALANCE_LOW: Sample = {
  name: "balance-low",
  template: "balance-low",
  shows: "the balance pays for less than seven days of storage",
  to: CUSTOMER,
  facts: {
    account: "kim-laptop",
    on: "2026-11-22",
    balance: "5123456789012345678",
    storagePerDay: "1028806543209876543",
    daysLeft: 4,
  },
};

const SUSPENDED: Sample = {
  name: "suspended",
  template: "suspended",
  shows: "the balance is used up",
  to: CUSTOMER,
  facts: {
    account: "kim-laptop",
    on: "2026-11-27",
    balance: "-20575926827160493",
    deletableFrom: "2026-12-05",
  },
};

const DELETION_WARNING: Sample = {
  name: "deletion-warning",
  template: "deletion-warning",
  shows: "three days, and one day, before data may be deleted",
  to: CUSTOMER,
  facts: { account: "kim-laptop", balance: "-4135802099456790122", deletableFrom: "2026-12-05" },
};

const STATEMENT: Sample = {
  name: "statement",
  template: "statement",
  shows: "a month is over",
  to: CUSTOMER,
  facts: {
    account: "kim-laptop",
    month: "2026-11",
    opening: "25500000000000000123",
    closing: "3855569144767283826",
    storageCharged: "30864196290115432346",
    bandwidthCharged: "10308950614500000000",
    byteDays: "3703703702962",
    bytesIn: "41234567891",
    bytesOut: "1234567",
    days: 30,
    entries: [
      {
        id: "pi_3QJ8vELkdIwHu7ix28a3tqPa",
        kind: "payment",
        on: "2026-11-03",
        amount: "20000000000000000000",
      },
      { id: "incident:2026-11-outage", kind: "credit", on: "2026-11-09", amount: "500000000000000000" },
      { id: "reversal:charge:2026-10-31", kind: "reversal", on: "2026-11-10", amount: "1028716049382716049" },
      { id: "re_3QJ8vELkdIwHu7ix1JbQ2c5S", kind: "refund", on: "2026-11-20", amount: "-2000000000000000000" },
    ],
  },
};

/** At least one for every template. Previews show them, and tests hold them against their golden files. */
export const SAMPLES: readonly Sample[] = [
  ADDRESS_CONFIRMATION,
  PAYMENT_RECEIVED,
  BALANCE_LOW,
  SUSPENDED,
  DELETION_WARNING,
  STATEMENT,
  night("night-report", "to the owner: a night is billed", CLOSED_NIGHT),
  night("night-report-held", "to the owner: a night waits for approval", HELD_NIGHT),
  night("night-report-partial", "to the owner: a part of a night could not be read", PARTIAL_NIGHT),
  night("night-report-failed", "to the owner: a night could not be billed", FAILED_NIGHT),
];

/** The notice of a sample, read as if it came from a file. */
export function sampleNotice({ name, template, to, facts }: Sample): Notice {
  return NoticeSchema.parse({ id: `sample/${name}`, template, to, facts });
}

function night(name: string, shows: string, facts: unknown): Sample {
  return { name, template: "night-report", shows, to: OWNER, facts };
}
