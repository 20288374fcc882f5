import type { VirtualClock } from "../clock/virtual-clock.ts";

/** What an address of ours answers to Twilio. */
export interface Delivered {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/**
 * Brings a request of Twilio's to whoever lives at the URL (its path and query; a fragment is never part of it).
 * `form` is the body, `headers` in lower case. Throws when nobody can be reached there.
 */
export type Deliver = (
  url: string,
  form: URLSearchParams,
  headers: Readonly<Record<string, string>>,
) => Promise<Delivered>;

/** What a person does with a text: nothing, or a reply some seconds after it came. Undefined: no reply this time. */
export interface Reply {
  readonly text: string | ((received: string) => string | undefined);
  readonly afterSeconds: number;
}

/** Somebody with a phone. */
export interface Person {
  /** What becomes of a text. `fails`: Twilio's code with which it comes to be undelivered. */
  readonly sms: "read" | "opted-out" | { readonly fails: number } | { readonly reply: Reply };
  /** What becomes of a call. A voicemail hears everything and presses nothing. */
  readonly call:
    | "no-answer"
    | "busy"
    | "voicemail"
    | { readonly answersAfterSeconds: number; readonly presses: string | undefined };
}

/** Requests that can fail. */
export type Operation = "SendMessage" | "PlaceCall" | "ListMessages" | "ListCalls" | "Balance";

/** A request that goes wrong. "before" and "after" say whether it was carried out. */
export interface Fault {
  readonly on: Operation;
  readonly how:
    | { readonly code: number }
    | { readonly busy: true; readonly retryAfterSeconds?: number }
    | { readonly status: number; readonly when: "before" | "after" }
    | { readonly silence: "before" | "after" }
    | { readonly reset: "before" | "after" };
  /** How many requests it strikes. Default: 1. */
  readonly times?: number;
}

/** Something that came out of a phone. */
export interface Heard {
  readonly at: Date;
  readonly via: "sms" | "call";
  readonly text: string;
}

/** A request that Twilio made. */
export interface WebhookCall {
  readonly url: string;
  readonly form: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined: nobody was reached. */
  readonly status: number | undefined;
}

export interface TwilioOptions {
  readonly clock: VirtualClock;
  readonly deliver: Deliver;
  readonly accountSid: string;
  readonly authToken: string;
  /** Numbers of the account, E.164. */
  readonly numbers: readonly string[];
  /** Where texts to our numbers are announced; with `#rc=…` as an operator would give it. */
  readonly smsUrl?: string;
  /** Default: "20.00". */
  readonly balance?: string;
}

/** How status callbacks and other requests of Twilio's fare. */
export type CallbackFate = "once" | "twice" | "lost";

/** A Twilio on loopback. */
export interface FakeTwilio {
  readonly url: string;
  /** Puts somebody behind a number. Numbers without a person read what they get and answer no call. */
  person(phone: string, person: Partial<Person>): void;
  fail(fault: Fault): void;
  /** Called when a fault lets a request go without an answer, after what it does: the time to lose patience. */
  onSilence: () => void;
  /** Strikes that no request has met so far. */
  strikesLeft(): number;
  /** How long messages and calls wait in Twilio's queue, from now on. Default: a second. */
  congestion(seconds: number): void;
  /** From now on. "lost" is about status callbacks only. */
  callbacks(fate: CallbackFate): void;
  /** What came out of a phone so far, in order. */
  heard(phone: string): readonly Heard[];
  /** Somebody sends a text to our first number. */
  text(from: string, body: string): Promise<void>;
  /** Sids of all messages or calls that were accepted, oldest first. */
  accepted(kind: "sms" | "call"): readonly string[];
  webhooks(): readonly WebhookCall[];
  /** What Twilio's debugger would show: requests of ours that make no sense, answers that are none. */
  alerts(): readonly string[];
  /** Resolves when every message and call has come to its end. */
  settled(): Promise<void>;
  close(): Promise<void>;
}
