/**
 * Keys of messages. They follow from what a message is about, never from the time of the call, and travel in the URLs
 * that Twilio calls back: `12/3/colin/sms` is step 3 of incident 12, told to colin by SMS.
 */
export function messageKey(incident: number, step: number, contact: string, channel: "sms" | "call"): string {
  return `${incident}/${step}/${contact}/${channel}`;
}

/** The incident that a message is about. Absent: it is about none (`storm/…`), and nothing can be acknowledged. */
export function incidentOf(key: string): number | undefined {
  const incident = /^([1-9]\d{0,8})\//.exec(key)?.[1];
  return incident === undefined ? undefined : Number(incident);
}

/** What Twilio does with a request of ours that fails: two more tries (Twilio, "Webhook connection overrides"). */
export const TRY_AGAIN = "#rc=2&rp=ct,rt,5xx";

/**
 * One of our addresses with a key in its query, as Twilio gets it. A slash may stand in a query as it is (RFC 3986, 3.4),
 * so that a key reads the same in Twilio's log. The fragment is neither sent nor signed.
 */
export function callbackUrl(url: string, key: string): string {
  return `${url}?key=${encodeURIComponent(key).replaceAll("%2F", "/")}${TRY_AGAIN}`;
}
