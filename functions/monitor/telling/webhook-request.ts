import { z } from "#platform";
import type { TwilioCredentials } from "./ports.ts";
import { isSignedByTwilio } from "./twilio-signature.ts";
import type { WebhookAnswer } from "./webhook-answer.ts";
import { refused } from "./webhook-answer.ts";

/** Bytes of a request that are looked at. A text of 1600 characters comes to 15,000, each of them escaped. */
export const BODY_LIMIT = 32 * 1024;

/** A request as a Lambda function URL hands it over (Lambda guide, payload format 2.0): header names in lower case. */
export const WebhookRequestSchema = z.object({
  headers: z.record(z.string(), z.string()).default({}),
  rawQueryString: z.string().default(""),
  body: z.string().default(""),
  isBase64Encoded: z.boolean().default(false),
});

export type WebhookRequest = z.infer<typeof WebhookRequestSchema>;

/** What Twilio has to say. */
export interface TwilioRequest {
  /** The form: "From", "Body", … ; the first value of each name, "" for one that is missing. */
  field(name: string): string;
  /** The message that one of our own URLs names, which Twilio signs along with the rest. */
  readonly key: string;
}

/**
 * Reads a request that Twilio signed, or says how it is refused. Nothing in it is believed before that, not even the
 * address that it was sent to: what is signed is our own address as it is configured, and the query as it came.
 * @param url our own address
 */
export function readTwilioRequest(
  request: WebhookRequest,
  url: string,
  { accountSid, authTokens }: TwilioCredentials,
): TwilioRequest | WebhookAnswer {
  const bytes = Buffer.from(request.body, request.isBase64Encoded ? "base64" : "utf8");
  if (bytes.length > BODY_LIMIT) return refused("too large");
  const form = new URLSearchParams(bytes.toString("utf8"));
  const signature = request.headers["x-twilio-signature"];
  if (!isSignedByTwilio(authTokens, signature, requestedUrl(url, request.rawQueryString), form))
    return refused("bad signature");
  // Subaccounts have tokens of their own, so this is a parameter of ours that is out of step.
  if (form.get("AccountSid") !== accountSid) return refused("another account");
  return {
    field: (name) => form.get(name) ?? "",
    key: new URLSearchParams(request.rawQueryString).get("key") ?? "",
  };
}

/** The address as Twilio requested it. What stands behind `#` tells Twilio how to try, and is not sent. */
function requestedUrl(url: string, query: string): string {
  const [place = ""] = url.split(/[?#]/, 1);
  return query === "" ? place : `${place}?${query}`;
}
