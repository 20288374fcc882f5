import { describe, expect, it } from "@jest/globals";
import {
  adviceOn,
  mayPass,
  type Verdict,
  verdictOn,
} from "../../../../functions/monitor/telling/twilio-error.ts";

describe("what an answer means for the message", () => {
  it.each<[why: string, status: number, code: number | undefined, verdict: Verdict]>([
    ["a wrong token", 401, 20003, "permanent"],
    ["no such account", 404, 20404, "permanent"],
    ["too many at once: never processed", 429, 20429, "temporary"],
    ["the same, without a code", 429, undefined, "temporary"],
    ["the same, under another status", 400, 20429, "temporary"],
    ["a number that is none", 400, 21211, "permanent"],
    ["a country that is not allowed", 400, 21408, "permanent"],
    ["not our number", 400, 21606, "permanent"],
    ["a trial", 400, 21608, "permanent"],
    ["the recipient sent STOP", 400, 21610, "permanent"],
    ["a code that is unknown here", 400, 29999, "permanent"],
    ["no code: a proxy's page", 403, undefined, "permanent"],
    ["a method that is not allowed", 405, 20004, "permanent"],
    ["the request took too long to arrive", 408, undefined, "in doubt"],
    ["an internal error, whatever it says", 500, 21211, "in doubt"],
    ["an internal error", 500, 20500, "in doubt"],
    ["a gateway", 502, undefined, "in doubt"],
    ["unavailable", 503, undefined, "in doubt"],
    ["a gateway that waited in vain", 504, undefined, "in doubt"],
    ["a redirection, which Twilio has none of", 307, undefined, "in doubt"],
  ])("%s: %d %s", (_why, status, code, verdict) => {
    expect(verdictOn(status, code)).toBe(verdict);
  });
});

describe("what a person should do", () => {
  it.each([20003, 20429, 21211, 21408, 21606, 21608, 21610, 30003, 30007, 30032, 30034])("%d", (code) => {
    expect(adviceOn(code)).toMatch(/^[A-Z].{20,120}\.$/);
  });

  it("nothing is said of what is unknown", () => {
    expect([adviceOn(29_999), adviceOn(undefined)]).toEqual([undefined, undefined]);
  });

  it.each([
    ["a phone that is off", 30003, true],
    ["a queue that is full", 30001, true],
    ["a carrier that says nothing", 30008, true],
    ["a text that waited too long", 30036, true],
    ["a filter", 30007, false],
    ["no registration", 30034, false],
    ["a landline", 30006, false],
    ["unknown", 39_999, false],
  ])("%s: %d may pass: %p", (_why, code, expected) => {
    expect(mayPass(code)).toBe(expected);
  });
});
