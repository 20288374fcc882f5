import type { Log } from "#platform";
import type { Contact, MonitorUrl, MonitorUrls, TwilioAccount } from "./ports.ts";
import { LATER, type WebhookAnswer } from "./webhook-answer.ts";
import { readTwilioRequest, type TwilioRequest, type WebhookRequest } from "./webhook-request.ts";

/** What every webhook stands on. */
export interface Reception {
  readonly account: TwilioAccount;
  readonly urls: MonitorUrls;
  readonly now: Date;
  readonly log: Log;
}

/**
 * Answers a request at one of our addresses. Whoever is not Twilio is refused with a word. Whatever fails on our side
 * is answered by "not now", upon which Twilio asks again; every answer below is safe to repeat.
 */
export async function receive(
  request: WebhookRequest,
  at: MonitorUrl,
  reception: Reception,
  answerTo: (request: TwilioRequest) => Promise<WebhookAnswer>,
): Promise<WebhookAnswer> {
  const { account, urls, now, log } = reception;
  try {
    const read = readTwilioRequest(request, await urls.read(at, now), await account.read(now));
    if (!("statusCode" in read)) return await answerTo(read);
    log.info(`refused: ${read.body}`);
    return read;
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    log.error(`a request of Twilio's waits: ${failure.message}`, { error: failure.name });
    log.metric("WebhookDeferred", 1, "Count");
    return LATER;
  }
}

/** The contacts who have this number; several may share one. */
export function contactsAt(phone: string, contacts: readonly Contact[]): readonly Contact[] {
  return contacts.filter((contact) => contact.phone === phone);
}
