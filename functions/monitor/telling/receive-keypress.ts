import { ackAloud, NOT_ACKNOWLEDGED, NOTHING_TO_ACKNOWLEDGE } from "./ack-wording.ts";
import { acknowledge } from "./acknowledge.ts";
import { incidentOf } from "./message-key.ts";
import type { Contact, IncidentDesk } from "./ports.ts";
import { contactsAt, type Reception, receive } from "./reception.ts";
import { spokenAnswer } from "./twiml.ts";
import { NOTHING_TO_SAY, twimlAnswer, type WebhookAnswer } from "./webhook-answer.ts";
import type { TwilioRequest, WebhookRequest } from "./webhook-request.ts";

/** What receiving keys stands on. */
export interface KeypressReception extends Reception {
  readonly contacts: readonly Contact[];
  readonly desk: IncidentDesk;
  readonly acknowledgedMinutes: number;
}

/**
 * Takes the key that somebody pressed during a call of ours. 1 acknowledges the incident that the call was about, and
 * nothing else does: that a call was answered means nothing, since a voicemail answers as well. The answer is spoken.
 * The same key of the same call is the same proof, which the desk takes once.
 */
export function receiveKeypress(
  request: WebhookRequest,
  reception: KeypressReception,
): Promise<WebhookAnswer> {
  return receive(request, "keypress", reception, (press) => answerTo(press, reception));
}

async function answerTo(press: TwilioRequest, reception: KeypressReception): Promise<WebhookAnswer> {
  const { contacts, desk, acknowledgedMinutes: minutes, now, log } = reception;
  const sid = press.field("CallSid");
  const called = contactsAt(press.field("To"), contacts);
  // Who was called stands in the key, when several share the phone.
  const contact = called.find(({ name }) => press.key.split("/")[2] === name) ?? called[0];
  if (contact === undefined || sid === "") {
    log.info("a key from a phone of nobody that we know");
    return NOTHING_TO_SAY;
  }
  if (press.field("Digits") !== "1") return twimlAnswer(spokenAnswer(NOT_ACKNOWLEDGED));
  const incident = incidentOf(press.key);
  if (incident === undefined) return twimlAnswer(spokenAnswer(NOTHING_TO_ACKNOWLEDGE));
  const result = await acknowledge(incident, { contact, via: "call", sid, now, minutes }, desk);
  return twimlAnswer(spokenAnswer(ackAloud(incident, result)));
}
