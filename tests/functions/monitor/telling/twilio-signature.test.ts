import { describe, expect, it } from "@jest/globals";
import { isSignedByTwilio, twilioSignature } from "../../../../functions/monitor/telling/twilio-signature.ts";

/*
 * Every vector was computed without code of ours: printf '%s' 'SIGNED' | openssl dgst -sha1 -hmac TOKEN -binary | base64
 * where SIGNED is the URL and then the fields, sorted, with nothing in between.
 */
const VECTORS: [why: string, token: string, url: string, fields: [string, string][], signature: string][] = [
  [
    "Twilio's own example (Twilio, Webhooks security)",
    "12345",
    "https://mycompany.com/myapp.php?foo=1&bar=2",
    [
      ["CallSid", "CA1234567890ABCDE"],
      ["Caller", "+14158675309"],
      ["Digits", "1234"],
      ["From", "+14158675309"],
      ["To", "+18005551212"],
    ],
    "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
  ],
  [
    "a text of ours, with what forms escape: a comma, an accent, an ampersand, quotes",
    "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "https://delivery.lambda-url.us-west-2.on.aws/?key=12/3/colin/sms",
    [
      ["MessageStatus", "sent"],
      ["MessageSid", "SM1"],
      ["Body", 'OK, caffè & "12"'],
      ["AccountSid", "AC0123456789abcdef0123456789abcdef"],
    ],
    "O/dM6g6dO8PHX9DWo4hBY9ZgGDg=",
  ],
  ["a request without a form", "12345", "https://example.org/", [], "6VlwbKaKXFqgF8YmHQvqlsjsoZc="],
  [
    "a name that comes twice, each value once and in order; capitals before small letters",
    "12345",
    "https://example.org/",
    [
      ["a0", "b"],
      ["A", "2"],
      ["A", "1"],
      ["A", "2"],
    ],
    "jKyjyUdcJ+2NhixFvzFidy6siGA=",
  ],
];

describe("the signature of a request of Twilio's", () => {
  it.each(VECTORS)("%s", (_why, token, url, fields, signature) => {
    expect(twilioSignature(token, url, fields)).toBe(signature);
    expect(isSignedByTwilio([token], signature, url, fields)).toBe(true);
    expect(isSignedByTwilio([token], signature, url, fields.toReversed())).toBe(true);
  });

  const [, token, url, fields, signature] = VECTORS[0] as (typeof VECTORS)[number];

  it.each<[why: string, given: string | undefined, where: string, what: [string, string][]]>([
    ["no signature", undefined, url, fields],
    ["an empty one", "", url, fields],
    ["one that lacks its end", signature.slice(0, -1), url, fields],
    ["one in small letters", signature.toLowerCase(), url, fields],
    ["one with something behind it", `${signature} `, url, fields],
    ["one of characters that base64 has none of", "\u{1F4DE}".repeat(14), url, fields],
    ["another port", signature, "https://mycompany.com:8443/myapp.php?foo=1&bar=2", fields],
    ["another scheme", signature, "http://mycompany.com/myapp.php?foo=1&bar=2", fields],
    ["another order of the query", signature, "https://mycompany.com/myapp.php?bar=2&foo=1", fields],
    ["a field more", signature, url, [...fields, ["Z", ""]]],
    ["a field less", signature, url, fields.slice(1)],
    ["another digit", signature, url, [...fields.slice(1), ["CallSid", "CA1234567890ABCDF"]]],
    [
      "a letter that has changed sides",
      signature,
      url,
      [["CallSidC", "A1234567890ABCDE"], ...fields.slice(2)],
    ],
  ])("is none: %s", (_why, given, where, what) => {
    expect(isSignedByTwilio([token], given, where, what)).toBe(false);
  });

  it("may be of any token, while one is being replaced; of no other", () => {
    expect(isSignedByTwilio(["new", token], signature, url, fields)).toBe(true);
    expect(isSignedByTwilio(["new", "12346"], signature, url, fields)).toBe(false);
    expect(isSignedByTwilio([], signature, url, fields)).toBe(false);
  });
});
