import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * The `X-Twilio-Signature` of a request: base64 of the HMAC-SHA1, keyed by the auth token, over the URL and then each
 * form field, sorted by name, as name and value without anything between them (Twilio, "Webhooks security"). Of a name
 * that comes more than once each different value counts once, in order, as Twilio's own libraries have it.
 * @param url as Twilio requested it, with its query and without a fragment
 * @param fields decoded
 */
export function twilioSignature(
  authToken: string,
  url: string,
  fields: Iterable<readonly [string, string]>,
): string {
  const pairs = [...new Map([...fields].map((field) => [JSON.stringify(field), field])).values()];
  pairs.sort(([name, value], [otherName, otherValue]) => order(name, otherName) || order(value, otherValue));
  const signed = url + pairs.map(([name, value]) => name + value).join("");
  return createHmac("sha1", authToken).update(signed, "utf8").digest("base64");
}

/** Whether one of the tokens made this signature. */
export function isSignedByTwilio(
  authTokens: readonly string[],
  signature: string | undefined,
  url: string,
  fields: Iterable<readonly [string, string]>,
): boolean {
  const given = Buffer.from(signature ?? "", "latin1");
  const all = [...fields];
  return authTokens.some((token) => {
    const expected = Buffer.from(twilioSignature(token, url, all), "latin1");
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

/** By code units: neither by language nor by case. */
function order(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
