import type { Log } from "#platform";
import { twilioPhone } from "../../../../../functions/monitor/adapters/twilio-phone.ts";
import type {
  Budget,
  Contact,
  Inbox,
  MonitorUrls,
  Outbox,
  Phone,
  Telling,
  TwilioAccount,
} from "../../../../../functions/monitor/telling/ports.ts";
import { receiveDelivery } from "../../../../../functions/monitor/telling/receive-delivery.ts";
import { receiveKeypress } from "../../../../../functions/monitor/telling/receive-keypress.ts";
import { receiveSms } from "../../../../../functions/monitor/telling/receive-sms.ts";
import type { TellingDesk } from "../../../../../functions/monitor/telling/tell-once.ts";
import type { WebhookAnswer } from "../../../../../functions/monitor/telling/webhook-answer.ts";
import type { WebhookRequest } from "../../../../../functions/monitor/telling/webhook-request.ts";
import { VirtualClock } from "../../../../../local/clock/virtual-clock.ts";
import type { Deliver, FakeTwilio } from "../../../../../local/twilio/contract.ts";
import { startTwilio } from "../../../../../local/twilio/twilio.ts";
import { type FakeDesk, fakeDesk } from "./fake-desk.ts";
import { fakeOutbox } from "./fake-outbox.ts";
import { fakeBudget, fakeInbox } from "./fake-records.ts";

export const ACCOUNT_SID = "AC0123456789abcdef0123456789abcdef";
export const AUTH_TOKEN = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
export const OUR_NUMBER = "+12065550199";
export const START = new Date("2026-11-22T04:00:00.000Z");

/** Addresses of ours, as deployment would write them down. */
export const URLS = {
  sms: "https://sms.lambda-url.us-west-2.on.aws/",
  keypress: "https://keypress.lambda-url.us-west-2.on.aws/",
  delivery: "https://delivery.lambda-url.us-west-2.on.aws/",
  heartbeat: "https://heartbeat.lambda-url.us-west-2.on.aws/",
};

export const COLIN: Contact = { name: "colin", phone: "+16045550100" };
export const GRACE: Contact = { name: "grace", phone: "+16045550101", timeZone: "America/Vancouver" };

export const ACCOUNT: TwilioAccount = {
  read: async () => ({ accountSid: ACCOUNT_SID, authTokens: [AUTH_TOKEN] }),
};
export const MONITOR_URLS: MonitorUrls = { read: async (name) => URLS[name] };

/** A log that is kept. */
export interface KeptLog extends Log {
  readonly lines: string[];
  readonly metrics: string[];
}

export function keptLog(): KeptLog {
  const lines: string[] = [];
  const metrics: string[] = [];
  return {
    lines,
    metrics,
    info: (message) => lines.push(message),
    error: (message) => lines.push(message),
    metric: (name) => metrics.push(name),
  };
}

/** A telephone network with our webhooks at its end, and time that passes when it is let. */
export interface Scene {
  readonly clock: VirtualClock;
  readonly twilio: FakeTwilio;
  readonly outbox: Outbox;
  readonly budget: Budget;
  readonly inbox: Inbox;
  readonly desk: FakeDesk;
  readonly phone: Phone;
  readonly log: KeptLog;
  readonly telling: TellingDesk;
  /** What a webhook of ours answers at this moment. */
  ask(name: keyof typeof URLS, request: WebhookRequest): Promise<WebhookAnswer>;
  close(): Promise<void>;
}

/** Opens one with everything in memory, but for Twilio, which is asked over HTTP. */
export async function openScene(options: { contacts?: readonly Contact[] } = {}): Promise<Scene> {
  const clock = new VirtualClock(START);
  const [outbox, budget, inbox, desk, log] = [fakeOutbox(), fakeBudget(), fakeInbox(), fakeDesk(), keptLog()];
  const ask: Scene["ask"] = (name, request) => {
    const reception = {
      ...{ account: ACCOUNT, urls: MONITOR_URLS, outbox, inbox, desk, log, acknowledgedMinutes: 240 },
      ...{ contacts: options.contacts ?? [COLIN, GRACE], now: clock.now() },
    };
    const receivers = { sms: receiveSms, keypress: receiveKeypress, delivery: receiveDelivery };
    return receivers[name as keyof typeof receivers](request, reception);
  };
  const deliver: Deliver = async (url, form, headers) => {
    const name = Object.entries(URLS).find(([, ours]) => url.split("?")[0] === ours)?.[0];
    if (name === undefined) throw new Error(`nobody lives at ${url}`);
    const request = asLambdaSees(url, form.toString(), headers);
    const { statusCode, headers: answered, body } = await ask(name as keyof typeof URLS, request);
    return { status: statusCode, contentType: answered["content-type"] ?? "", body };
  };
  const twilio = await startTwilio({
    ...{ clock, deliver, accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN, numbers: [OUR_NUMBER] },
    smsUrl: `${URLS.sms}#rc=2&rp=ct,rt,5xx`,
  });
  // Patience ends when Twilio has decided to say nothing, and not by the clock of the machine.
  let patience = new AbortController();
  twilio.onSilence = () => {
    patience.abort();
    patience = new AbortController();
  };
  const phone = twilioPhone({
    ...{ baseUrl: twilio.url, from: OUR_NUMBER, account: ACCOUNT, urls: MONITOR_URLS },
    patience: () => patience.signal,
  });
  const telling = { outbox, phone, budget, messagesPerHour: 30 };
  return {
    ...{ clock, twilio, outbox, budget, inbox, desk, phone, log, telling, ask },
    close: () => twilio.close(),
  };
}

/** A request as the function URL hands it over: header names in lower case, the body in base64. */
export function asLambdaSees(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): WebhookRequest {
  return {
    headers,
    rawQueryString: url.split("?")[1] ?? "",
    body: Buffer.from(body).toString("base64"),
    isBase64Encoded: true,
  };
}

let incidents = 100;
/** Something to tell that no other test tells. */
export function newTelling(channel: "sms" | "call" = "sms", contact: Contact = COLIN): Telling {
  incidents += 1;
  const text = `ALARM [${incidents}.1] mail: TIMED OUT. Reply ACK ${incidents}`;
  return { key: `${incidents}/1/${contact.name}/${channel}`, contact, channel, text };
}
