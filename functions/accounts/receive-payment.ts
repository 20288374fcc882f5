import { bookMovement, type Desk } from "./book-movement.ts";
import type { WebhookSecrets } from "./ports.ts";
import { readStripeEvent } from "./stripe-event.ts";
import { isFresh, isSignedBy, readSignature } from "./stripe-signature.ts";
import {
  bodyOf,
  LATER,
  RECEIVED,
  refused,
  type WebhookAnswer,
  type WebhookRequest,
} from "./webhook-request.ts";

/** What receiving stands on. */
export interface Reception extends Desk {
  readonly secrets: WebhookSecrets;
}

/**
 * Answers a request of Stripe's. Whoever else asks is refused with a word. Whatever fails on our side is answered by
 * "not now", upon which Stripe sends it again for three days: nothing is lost, and repeating is safe.
 */
export async function receivePayment(request: WebhookRequest, reception: Reception): Promise<WebhookAnswer> {
  try {
    return await answerTo(request, reception);
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    reception.log.error(`a payment waits: ${failure.message}`, { error: failure.name });
    reception.log.metric("PaymentDeferred", 1, "Count");
    return LATER;
  }
}

async function answerTo(request: WebhookRequest, reception: Reception): Promise<WebhookAnswer> {
  const { now, log, secrets } = reception;
  const body = bodyOf(request);
  if (body === undefined) return refused("too large");
  const signature = readSignature(request.headers["stripe-signature"]);
  if (signature === undefined || !isSignedBy(await secrets.read(now), signature, body)) {
    log.info("refused: not signed by Stripe");
    return refused("bad signature");
  }
  if (!isFresh(signature, now)) {
    log.info("refused: signed too long ago", { signedAt: signature.seconds });
    return refused("too old");
  }
  const reading = readStripeEvent(body.toString("utf8"));
  if (reading.state === "ignored") {
    log.info(reading.reason);
    return RECEIVED;
  }
  if (reading.state === "unreadable") {
    log.error(`Stripe signed what cannot be read: ${reading.reason}`);
    log.metric("PaymentUnreadable", 1, "Count");
    return refused("not understood");
  }
  return (await bookMovement(reading.movement, reception)) === "later" ? LATER : RECEIVED;
}
