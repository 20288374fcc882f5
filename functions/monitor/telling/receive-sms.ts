import { type AckResult, ackReply, NOT_UNDERSTOOD } from "./ack-wording.ts";
import { acknowledge } from "./acknowledge.ts";
import type { Contact, Inbox, IncidentDesk } from "./ports.ts";
import { contactsAt, type Reception, receive } from "./reception.ts";
import { readReply } from "./reply-text.ts";
import { smsAnswer } from "./twiml.ts";
import { NOTHING_TO_SAY, twimlAnswer, type WebhookAnswer } from "./webhook-answer.ts";
import type { TwilioRequest, WebhookRequest } from "./webhook-request.ts";

/** What receiving texts stands on. */
export interface SmsReception extends Reception {
  readonly contacts: readonly Contact[];
  readonly desk: IncidentDesk;
  readonly inbox: Inbox;
  readonly acknowledgedMinutes: number;
}

/**
 * Takes a text that somebody sent to our number. "ACK 12" acknowledges incident 12, "ACK" every open one that the
 * sender was told of; the answer says what was done. Only numbers of contacts count: others get no answer, and neither
 * does a word like STOP, which Twilio answers by itself.
 *
 * What a text means is put on record before it is carried out. So a text that Twilio brings again is carried out to
 * its end and no further, and one that somebody else kept and brings again acknowledges nothing that came since.
 */
export function receiveSms(request: WebhookRequest, reception: SmsReception): Promise<WebhookAnswer> {
  return receive(request, "sms", reception, (sms) => answerTo(sms, reception));
}

async function answerTo(sms: TwilioRequest, reception: SmsReception): Promise<WebhookAnswer> {
  const { contacts, desk, inbox, acknowledgedMinutes: minutes, now, log } = reception;
  const [from, sid] = [sms.field("From"), sms.field("MessageSid")];
  const senders = contactsAt(from, contacts);
  const [contact] = senders;
  if (contact === undefined || sid === "") {
    log.info("a text from nobody that we know");
    return NOTHING_TO_SAY;
  }
  const reply = readReply(sms.field("Body"));
  if (reply.says === "opt-out") {
    log.error(`${contact.name} has sent STOP: no text of ours goes through until that phone sends START`);
    log.metric("ContactOptedOut", 1, "Count");
  }
  if (reply.says === "opt-out" || reply.says === "opt-in") return NOTHING_TO_SAY;
  if (reply.says === "something else") return twimlAnswer(smsAnswer(NOT_UNDERSTOOD));
  const meant = reply.incident === undefined ? await openTo(senders, desk) : [reply.incident];
  const incidents = await inbox.keep(sid, from, meant, now);
  const results: [number, AckResult][] = [];
  for (const incident of incidents)
    results.push([incident, await acknowledge(incident, { contact, via: "sms", sid, now, minutes }, desk)]);
  return twimlAnswer(smsAnswer(ackReply(results)));
}

/** The open incidents that any of those who share the phone was told of, newest first. */
async function openTo(senders: readonly Contact[], desk: IncidentDesk): Promise<readonly number[]> {
  const told = await Promise.all(senders.map(({ name }) => desk.toldTo(name)));
  return [...new Set(told.flat())].sort((one, other) => other - one);
}
