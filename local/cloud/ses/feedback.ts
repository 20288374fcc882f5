import { createHash } from "node:crypto";
import { after } from "../account.ts";
import { domainOf } from "./address.ts";
import type { JudgedMail } from "./judged-mail.ts";
import { type Outcome, SECONDS_UNTIL_TOLD } from "./recipients.ts";

/** One thing that SES tells of a mail. `facts` is the object that the event calls by its type in small letters. */
export interface Telling {
  /** After the mail was accepted. */
  readonly seconds: number;
  readonly detailType: string;
  readonly eventType: "Send" | "Delivery" | "Bounce" | "Complaint" | "Reject";
  readonly facts: object;
}

const DOCUMENTATION =
  "https://docs.aws.amazon.com/ses/latest/DeveloperGuide/sending-email-suppression-list.html";

/** How SES words it that an address is on the account's suppression list. */
const ON_LIST = `Amazon SES did not send the message to this address because it is on the suppression list for your account. For more information about removing addresses from the suppression list, see the Amazon SES Developer Guide at ${DOCUMENTATION}`;

/** What an outcome is told as, to the recipients that share it. */
type Tell = (mail: JudgedMail, outcome: Outcome, addresses: readonly string[]) => Omit<Telling, "seconds">;

const TELLERS: readonly {
  readonly outcome: Outcome;
  readonly of: readonly Outcome[];
  readonly tell: Tell;
}[] = [
  { outcome: "rejected", of: ["rejected"], tell: rejection },
  { outcome: "suppressed-bounce", of: ["suppressed-bounce"], tell: bounce },
  { outcome: "suppressed-complaint", of: ["suppressed-complaint"], tell: complaint },
  { outcome: "delivered", of: ["delivered", "complained"], tell: delivery },
  { outcome: "bounced", of: ["bounced"], tell: bounce },
  { outcome: "complained", of: ["complained"], tell: complaint },
  { outcome: "mailbox-full", of: ["mailbox-full"], tell: bounce },
];

/** What became of a mail, one telling for all recipients that fared alike, in the order of time. */
export function feedbackOn(mail: JudgedMail): Telling[] {
  return TELLERS.flatMap(({ outcome, of, tell }) => {
    const addresses = mail.outcomes.filter((one) => of.includes(one.outcome)).map(({ address }) => address);
    if (addresses.length === 0) return [];
    return [{ seconds: SECONDS_UNTIL_TOLD[outcome], ...tell(mail, outcome, addresses) }];
  });
}

function delivery(mail: JudgedMail, outcome: Outcome, addresses: readonly string[]) {
  const facts = {
    timestamp: toldAt(mail, outcome),
    processingTimeMillis: SECONDS_UNTIL_TOLD[outcome] * 1000,
    recipients: addresses,
    smtpResponse: "250 2.6.0 Message received",
    reportingMTA: "a8-30.smtp-out.amazonses.com",
  };
  return { detailType: "Email Delivered", eventType: "Delivery", facts } as const;
}

function bounce(mail: JudgedMail, outcome: Outcome, addresses: readonly string[]) {
  const [type, subType, status, diagnosticCode] =
    outcome === "mailbox-full"
      ? ["Transient", "MailboxFull", "4.2.2", "smtp; 452 4.2.2 The email account is over quota"]
      : outcome === "bounced"
        ? ["Permanent", "General", "5.1.1", "smtp; 550 5.1.1 user unknown"]
        : ["Permanent", "OnAccountSuppressionList", "5.1.1", ON_LIST];
  const facts = {
    feedbackId: feedbackId(mail, outcome),
    bounceType: type,
    bounceSubType: subType,
    bouncedRecipients: addresses.map((emailAddress) => ({
      ...{ emailAddress, action: "failed", status, diagnosticCode },
    })),
    timestamp: toldAt(mail, outcome),
    reportingMTA: "dns; amazonses.com",
  };
  return { detailType: "Email Bounced", eventType: "Bounce", facts } as const;
}

/** Providers hide who complained, so SES names every recipient in that domain. What it withheld it knows better. */
function complaint(mail: JudgedMail, outcome: Outcome, addresses: readonly string[]) {
  const isWithheld = outcome === "suppressed-complaint";
  const domains = addresses.map(domainOf);
  const suspects = isWithheld
    ? addresses
    : mail.destinations.filter((one) => domains.includes(domainOf(one)));
  const report = { userAgent: "Rehearsal-Feedback-Loop/1", complaintFeedbackType: "abuse" };
  const facts = {
    feedbackId: feedbackId(mail, outcome),
    complaintSubType: isWithheld ? "OnAccountSuppressionList" : null,
    complainedRecipients: suspects.map((emailAddress) => ({ emailAddress })),
    timestamp: toldAt(mail, outcome),
    ...(isWithheld ? {} : { ...report, arrivalDate: toldAt(mail, outcome) }),
  };
  return { detailType: "Email Complaint Received", eventType: "Complaint", facts } as const;
}

function rejection() {
  return { detailType: "Email Rejected", eventType: "Reject", facts: { reason: "Bad content" } } as const;
}

function toldAt(mail: JudgedMail, outcome: Outcome): string {
  return after(mail.at, SECONDS_UNTIL_TOLD[outcome]).toISOString();
}

/** In the form of SES's ids, and the same in every rehearsal. */
function feedbackId({ messageId }: JudgedMail, outcome: Outcome): string {
  const hex = createHash("sha256").update(`${messageId} ${outcome}`).digest("hex");
  return `${messageId.slice(0, 16)}-${hex.slice(0, 8)}-${hex.slice(8, 12)}-000000`;
}
