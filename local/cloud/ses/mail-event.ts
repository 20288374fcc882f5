import { createHash } from "node:crypto";
import { after } from "../account.ts";
import type { MailEvent } from "../contract.ts";
import { feedbackOn, type Telling } from "./feedback.ts";
import type { JudgedMail } from "./judged-mail.ts";
import { mailRecord } from "./mail-record.ts";

/**
 * All that SES tells of a mail: that it accepted it, and what became of it for its recipients, in the order of time. In
 * EventBridge's form (SES developer guide, "Monitoring using EventBridge", and "Contents of event data"); see
 * events/samples/ses-email-*.json.
 */
export function eventsOf(mail: JudgedMail, account: string): MailEvent[] {
  const sent: Telling = { seconds: 0, detailType: "Email Sent", eventType: "Send", facts: {} };
  const tellings = [sent, ...feedbackOn(mail)];
  return tellings.map((telling, index) => toEvent(mail, account, telling, index));
}

function toEvent(mail: JudgedMail, account: string, telling: Telling, index: number): MailEvent {
  const { eventType, detailType, facts } = telling;
  const at = after(mail.at, telling.seconds);
  const id = eventId(`${mail.messageId} ${index}`);
  const arn = `arn:aws:ses:${mail.region}:${account}`;
  const event = {
    version: "0",
    id,
    "detail-type": detailType,
    source: "aws.ses",
    account,
    time: at.toISOString().replace(/\.\d+Z$/, "Z"),
    region: mail.region,
    resources:
      mail.configurationSet === undefined ? [] : [`${arn}:configuration-set/${mail.configurationSet}`],
    detail: { eventType, mail: mailRecord(mail, account), [eventType.toLowerCase()]: facts },
  };
  return { id, at, event };
}

/** A UUID that follows from its text, so that a rehearsal can be repeated. */
function eventId(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    "-",
  );
}
