import { describe, expect, test } from "@jest/globals";
import { type Answer, judgeAnswer } from "../../../../functions/monitor/findings/http-finding.ts";

const ANSWER: Answer = {
  status: 200,
  location: undefined,
  body: "hello",
  match: undefined,
  timings: { connect: 10.4, tls: 20.2, firstByte: 30.3, whole: 65.6 },
};
const WANTED = { url: "https://example.org/a/b", status: [200] };
const TO = { ...WANTED, redirectsTo: "https://example.org/new" };

const ROWS: [string, Partial<Answer>, Parameters<typeof judgeAnswer>[1], string, string][] = [
  [
    "the parts of its time",
    {},
    WANTED,
    "GOOD",
    "status 200 in 66 ms: connect 10, TLS 20, first byte 30, rest 5",
  ],
  [
    "just fast enough",
    {},
    { ...WANTED, slowMilliseconds: 66 },
    "GOOD",
    "status 200 in 66 ms: connect 10, TLS 20, first byte 30, rest 5",
  ],
  [
    "too slow",
    {},
    { ...WANTED, slowMilliseconds: 65 },
    "FAILED",
    "slow: 66 ms (limit 65 ms): connect 10, TLS 20, first byte 30, rest 5",
  ],
  [
    "what is wrong comes before what is slow",
    { status: 500 },
    { ...WANTED, slowMilliseconds: 1 },
    "FAILED",
    "status 500, expected 200",
  ],
  ["too long", { body: undefined }, WANTED, "FAILED", "the page is longer than 1024 KiB"],
  [
    "a status that is wrong anyway, and too long",
    { status: 500, body: undefined },
    WANTED,
    "FAILED",
    "status 500, expected 200",
  ],
  [
    "a pattern that matches",
    { match: "yes" },
    { ...WANTED, matches: "l+" },
    "GOOD",
    "status 200 in 66 ms: connect 10, TLS 20, first byte 30, rest 5",
  ],
  [
    "a pattern that does not",
    { match: "no" },
    { ...WANTED, matches: "x+" },
    "FAILED",
    "status 200, but the page does not match /x+/",
  ],
  [
    "a pattern that took too long",
    { match: "undecided" },
    { ...WANTED, matches: "(l+)+$" },
    "FAILED",
    "status 200, but /(l+)+$/ takes too long to try on the page",
  ],
  [
    "relative redirect",
    { status: 307, location: "/new" },
    TO,
    "GOOD",
    "status 307 in 66 ms: connect 10, TLS 20, first byte 30, rest 5",
  ],
  [
    "relative to where it came from",
    { status: 307, location: "new" },
    TO,
    "FAILED",
    "redirects to https://example.org/a/new, expected a redirect to https://example.org/new",
  ],
  [
    "without its scheme",
    { status: 308, location: "//example.org/new" },
    TO,
    "GOOD",
    "status 308 in 66 ms: connect 10, TLS 20, first byte 30, rest 5",
  ],
  [
    "a slash is a difference",
    { status: 301, location: "https://example.org/new/" },
    TO,
    "FAILED",
    "redirects to https://example.org/new/, expected a redirect to https://example.org/new",
  ],
  [
    "300 is a choice, not a redirect",
    { status: 300, location: "https://example.org/new" },
    TO,
    "FAILED",
    "status 300, expected a redirect to https://example.org/new",
  ],
  [
    "no address",
    { status: 301, location: "http://[" },
    TO,
    "FAILED",
    "status 301 with a Location that is no address, expected a redirect to https://example.org/new",
  ],
  [
    "a user in it is not shown",
    { status: 301, location: "https://me:s3cret@example.org/x" },
    TO,
    "FAILED",
    "redirects to https://example.org/x, expected a redirect to https://example.org/new",
  ],
];

describe("answers", () => {
  test.each(ROWS)("%s", (_why, change, wanted, verdict, reason) => {
    expect(judgeAnswer({ ...ANSWER, ...change }, wanted)).toEqual({ verdict, reason, milliseconds: 66 });
  });
});
