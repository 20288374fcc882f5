import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import type { WebhookRequest } from "../../../../functions/accounts/webhook-request.ts";

const SAMPLES = new URL("../../../../events/samples/", import.meta.url);

export const SECRET = "whsec_2f6b1c0e9d8a7f5e4d3c2b1a0f9e8d7c";

interface SampleEvent {
  id: string;
  type: string;
  created: number;
  data: { object: Record<string, unknown> };
}

/** A sample of events/samples/, with other members of its object, as Stripe would send it: indented JSON. */
export function sampleEvent(name: string, object: Record<string, unknown> = {}, event: object = {}): string {
  const sample: SampleEvent = JSON.parse(readFileSync(new URL(`stripe-${name}.json`, SAMPLES), "utf8"));
  const data = { object: { ...sample.data.object, ...object } };
  return JSON.stringify({ ...sample, ...event, data }, null, 2);
}

/** Signs as Stripe's documentation says, without any of our code. */
export function signature(body: string | Buffer, at: Date, secret = SECRET): string {
  const seconds = String(Math.floor(at.getTime() / 1000));
  const signed = Buffer.concat([Buffer.from(`${seconds}.`), Buffer.from(body)]);
  return `t=${seconds},v1=${createHmac("sha256", secret).update(signed).digest("hex")}`;
}

/** A request as the function URL hands it over. */
export function signedRequest(body: string, at: Date, secret = SECRET): WebhookRequest {
  return { headers: { "stripe-signature": signature(body, at, secret) }, body, isBase64Encoded: false };
}
