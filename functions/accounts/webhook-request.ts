import { z } from "#platform";

/** Bytes of a request that are looked at. Stripe's events are a few kilobytes. */
export const BODY_LIMIT = 256 * 1024;

/** A request as a Lambda function URL hands it over (Lambda guide, payload format 2.0): header names in lower case. */
export const WebhookRequestSchema = z.object({
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(""),
  isBase64Encoded: z.boolean().default(false),
});

export type WebhookRequest = z.infer<typeof WebhookRequestSchema>;

/** An answer as a Lambda function URL takes it. Stripe sends again whatever is not answered by a 2xx. */
export interface WebhookAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The bytes that were sent, or nothing if they are more than anybody looks at. */
export function bodyOf({ body, isBase64Encoded }: WebhookRequest): Buffer | undefined {
  const bytes = Buffer.from(body, isBase64Encoded ? "base64" : "utf8");
  return bytes.length > BODY_LIMIT ? undefined : bytes;
}

/** Whatever it was, it is settled: do not send it again. */
export const RECEIVED: WebhookAnswer = answer(200, { received: true });

/** Send it again later. */
export const LATER: WebhookAnswer = answer(503, { error: "not now" }, { "retry-after": "60" });

/** It is no event of Stripe's. The reason is a word, so that whoever forged it learns nothing. */
export function refused(reason: "too large" | "bad signature" | "too old" | "not understood"): WebhookAnswer {
  return answer(reason === "too large" ? 413 : 400, { error: reason });
}

function answer(statusCode: number, body: object, headers: Record<string, string> = {}): WebhookAnswer {
  return {
    statusCode,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
}
