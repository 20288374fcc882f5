import { VirtualClock } from "../../../local/clock/virtual-clock.ts";
import type { Delivered, FakeTwilio, TwilioOptions } from "../../../local/twilio/contract.ts";
import { startTwilio } from "../../../local/twilio/twilio.ts";

export const SID = `AC${"0".repeat(31)}1`;
export const TOKEN = "token";
export const OURS = "+12065550199";
export const THEIRS = "+16045550100";
export const START = new Date("2026-11-22T04:00:00Z");

export interface Json {
  readonly [name: string]: unknown;
}

/** What Twilio answered to a request of ours. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Json;
}

export interface FakeAccount {
  readonly clock: VirtualClock;
  readonly twilio: FakeTwilio;
  /** What our addresses answer; tests put their own in place. */
  answers: (url: string, form: URLSearchParams) => Promise<Delivered> | Delivered;
  post(resource: string, fields: Iterable<[string, string]>, signal?: AbortSignal): Promise<Answered>;
  get(path: string): Promise<Answered>;
}

export async function openFakeAccount(options: Partial<TwilioOptions> = {}): Promise<FakeAccount> {
  const clock = new VirtualClock(START);
  const account: Pick<FakeAccount, "answers"> = {
    answers: () => ({ status: 200, contentType: "text/xml", body: "<Response/>" }),
  };
  const twilio = await startTwilio({
    ...{ clock, accountSid: SID, authToken: TOKEN, numbers: [OURS] },
    deliver: async (url, form) => account.answers(url, form),
    ...options,
  });
  const ask = (path: string, body?: URLSearchParams, signal: AbortSignal | null = null) =>
    clock.during(async () => {
      const response = await fetch(new URL(path, twilio.url), {
        signal,
        headers: { authorization: `Basic ${Buffer.from(`${SID}:${TOKEN}`).toString("base64")}` },
        ...(body === undefined ? {} : { method: "POST", body }),
      });
      return { status: response.status, headers: response.headers, json: (await response.json()) as Json };
    });
  return Object.assign(account, {
    clock,
    twilio,
    post: (resource: string, fields: Iterable<[string, string]>, signal?: AbortSignal) =>
      ask(`/2010-04-01/Accounts/${SID}/${resource}.json`, new URLSearchParams([...fields]), signal),
    get: (path: string) => ask(path.startsWith("/") ? path : `/2010-04-01/Accounts/${SID}/${path}`),
  });
}

export const SMS: Record<string, string> = { To: THEIRS, From: OURS, Body: "ALARM" };
export const CALL: Record<string, string> = {
  To: THEIRS,
  From: OURS,
  Twiml: "<Response><Say>Alarm</Say></Response>",
};
