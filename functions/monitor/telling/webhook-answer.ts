import { SILENCE } from "./twiml.ts";

/** An answer as a Lambda function URL takes it. */
export interface WebhookAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** TwiML for Twilio to carry out. */
export function twimlAnswer(twiml: string): WebhookAnswer {
  return { statusCode: 200, headers: { "content-type": "text/xml; charset=utf-8" }, body: twiml };
}

/** It is settled, and there is nothing to say. */
export const NOTHING_TO_SAY: WebhookAnswer = twimlAnswer(SILENCE);

/** Our side failed. Twilio asks again if its URL says so (TRY_AGAIN in message-key.ts). */
export const LATER: WebhookAnswer = plain(503, "not now", { "retry-after": "5" });

/** It is no request of Twilio's to us. The reason is a word, so that whoever forged it learns nothing. */
export function refused(reason: "too large" | "bad signature" | "another account"): WebhookAnswer {
  return plain(reason === "too large" ? 413 : 403, reason);
}

function plain(statusCode: number, text: string, headers: Record<string, string> = {}): WebhookAnswer {
  return { statusCode, headers: { "content-type": "text/plain", ...headers }, body: text };
}
