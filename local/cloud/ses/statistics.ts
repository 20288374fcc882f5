import type { Xml } from "../xml.ts";
import type { JudgedMail } from "./judged-mail.ts";
import type { Mailbox } from "./mailbox.ts";
import { type Outcome, simulated } from "./recipients.ts";

const QUARTER_MILLISECONDS = 15 * 60 * 1000;

/**
 * GetSendStatistics: data points of fifteen minutes (SES API, SendDataPoint). Neither the mailbox simulator nor the
 * suppression list of the account counts as a bounce or a complaint (SES developer guide, on either).
 */
export function sendStatistics(mailbox: Mailbox, region: string): Xml {
  const mails = mailbox.accepted.filter((one) => one.region === region);
  const points = Map.groupBy(mails, ({ at }) => Math.floor(at.getTime() / QUARTER_MILLISECONDS));
  return {
    SendDataPoints: [...points].map(([quarter, some]) => ({
      Timestamp: new Date(quarter * QUARTER_MILLISECONDS),
      DeliveryAttempts: some.length,
      Bounces: count(some, ["bounced", "mailbox-full"]),
      Complaints: count(some, ["complained"]),
      Rejects: count(some, ["rejected"]),
    })),
  };
}

function count(mails: readonly JudgedMail[], outcomes: readonly Outcome[]): number {
  const fates = mails.flatMap((mail) => mail.outcomes);
  return fates.filter(({ address, outcome }) => outcomes.includes(outcome) && !isExempt(address, outcome))
    .length;
}

/** A virus counts wherever it was to go. */
function isExempt(address: string, outcome: Outcome): boolean {
  return outcome !== "rejected" && simulated(address) !== undefined;
}
