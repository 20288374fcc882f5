import { isFinal, isMissed, stageOf } from "./delivery-status.ts";
import { incidentOf } from "./message-key.ts";
import type { Delivery, IncidentDesk, Outbox } from "./ports.ts";
import { type Reception, receive } from "./reception.ts";
import { adviceOn } from "./twilio-error.ts";
import { NOTHING_TO_SAY, type WebhookAnswer } from "./webhook-answer.ts";
import type { TwilioRequest, WebhookRequest } from "./webhook-request.ts";

/** What receiving status callbacks stands on. */
export interface DeliveryReception extends Reception {
  readonly outbox: Outbox;
  readonly desk: Pick<IncidentDesk, "note">;
}

/**
 * Takes what Twilio says of a message or call of ours: that it has it, which settles a message in doubt, and what
 * became of it. The last word goes to the incident's timeline. Safe to repeat, in any order.
 */
export function receiveDelivery(
  request: WebhookRequest,
  reception: DeliveryReception,
): Promise<WebhookAnswer> {
  return receive(request, "delivery", reception, (callback) => answerTo(callback, reception));
}

async function answerTo(callback: TwilioRequest, reception: DeliveryReception): Promise<WebhookAnswer> {
  const { outbox, log, now } = reception;
  const { key } = callback;
  const delivery = deliveryIn(callback, now);
  if (key === "" || delivery.sid === "" || stageOf(delivery.status) < 0) {
    log.error("Twilio tells something of a message that is not to be understood", {
      status: delivery.status,
    });
    return NOTHING_TO_SAY;
  }
  const result = await outbox.recordDelivery(key, delivery);
  if (result === "another") {
    log.error(`${key} went out twice: its answer and its callback had been lost`);
    log.metric("MessageDoubled", 1, "Count");
  }
  if (result === "unknown") {
    log.error(`Twilio tells of ${key}, and there is no such message`);
    return NOTHING_TO_SAY;
  }
  if (result === "recorded" && isMissed(delivery.status)) log.metric("MessageMissed", 1, "Count");
  if (isFinal(delivery.status)) await tell(key, delivery, reception);
  return NOTHING_TO_SAY;
}

/** Tells the last word to the timeline, which takes it once. */
async function tell(key: string, delivery: Delivery, { desk, log }: DeliveryReception): Promise<void> {
  const { sid, status, errorCode, at } = delivery;
  const code = errorCode === undefined ? "" : ` (Twilio ${errorCode}. ${adviceOn(errorCode) ?? ""})`;
  if (isMissed(status)) log.error(`${key}: ${status}${code}`);
  const incident = incidentOf(key);
  if (incident === undefined) return;
  const [, , contact = "", channel = ""] = key.split("/");
  const what = `${channel === "sms" ? "SMS" : channel} to ${contact}: ${status}${code}`;
  await desk.note(incident, { at, what, key: `delivery/${sid}/${status}` });
}

/** Status callbacks of messages and of calls have fields of the same meaning under different names. */
function deliveryIn({ field }: TwilioRequest, now: Date): Delivery {
  const code = Number(field("ErrorCode"));
  return {
    sid: field("MessageSid") || field("CallSid"),
    status: field("MessageStatus") || field("CallStatus"),
    at: now,
    ...(Number.isInteger(code) && code > 0 ? { errorCode: code } : {}),
  };
}
