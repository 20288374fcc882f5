import { createHmac } from "node:crypto";
import type { WebhookRequest } from "../../../../../functions/monitor/telling/webhook-request.ts";
import { ACCOUNT_SID, AUTH_TOKEN, URLS } from "./telling-scene.ts";

/** How a request departs from an honest one. */
export interface Departure {
  readonly token?: string;
  /** Address that is signed. */
  readonly signedUrl?: string;
  readonly signature?: string | undefined;
  readonly isBase64Encoded?: boolean;
}

/** A request as Twilio would make it and a function URL hand it over, signed without any of our code. */
export function signedRequest(
  at: keyof typeof URLS,
  query: string,
  fields: Readonly<Record<string, string>>,
  departure: Departure = {},
): WebhookRequest {
  const { token = AUTH_TOKEN, isBase64Encoded = true } = departure;
  const all: Record<string, string> = { AccountSid: ACCOUNT_SID, ApiVersion: "2010-04-01", ...fields };
  const url = departure.signedUrl ?? `${URLS[at]}${query === "" ? "" : `?${query}`}`;
  const signed = Object.keys(all)
    .sort()
    .map((name) => `${name}${all[name]}`);
  const signature = createHmac("sha1", token)
    .update(`${url}${signed.join("")}`)
    .digest("base64");
  const body = new URLSearchParams(all).toString();
  const given = "signature" in departure ? departure.signature : signature;
  return {
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      ...(given === undefined ? {} : { "x-twilio-signature": given }),
    },
    rawQueryString: query,
    body: isBase64Encoded ? Buffer.from(body).toString("base64") : body,
    isBase64Encoded,
  };
}
