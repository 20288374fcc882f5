import type { Balance } from "../findings/balance-finding.ts";

/** Somebody who is told. */
export interface Contact {
  /** The name that fleet.yml gives the contact; part of message keys. */
  readonly name: string;
  /** E.164: "+14155550100". */
  readonly phone: string;
  /** IANA name, for times in texts. Default: UTC. */
  readonly timeZone?: string;
}

/** Somebody has seen an incident and takes it on. */
export interface Acknowledgement {
  readonly by: string;
  readonly via: "sms" | "call" | "cli";
  readonly at: Date;
  readonly until: Date;
  /**
   * What shows that it was said: a MessageSid or CallSid of Twilio's (with the incident behind it, as `SM…/12`, since
   * one text may acknowledge several), or an execution's name. One that was used before is refused.
   */
  readonly proof: string;
}

/** Incidents, as far as telling goes. */
export interface IncidentDesk {
  /** One conditional write. "already": it is acknowledged until later. "replayed": the proof was used before. */
  acknowledge(
    incident: number,
    ack: Acknowledgement,
  ): Promise<"acknowledged" | "already" | "replayed" | "recovered" | "unknown">;
  /** Numbers of open incidents that this contact was told of, newest first. */
  toldTo(contact: string): Promise<readonly number[]>;
  /** Adds a line to an incident's timeline. Idempotent on the key. */
  note(
    incident: number,
    event: { readonly at: Date; readonly what: string; readonly key: string },
  ): Promise<void>;
}

/** One message to one contact. */
export interface Telling {
  /** What the message is, among all: `12/3/colin/sms` (telling/message-key.ts). Told once per key. */
  readonly key: string;
  readonly contact: Contact;
  readonly channel: "sms" | "call";
  /** The body of the SMS, which must be a text that no other message to this phone has; or what a call says. */
  readonly text: string;
}

/** Hands messages to Twilio. */
export interface Phone {
  /**
   * @returns Twilio's sid, as soon as Twilio has accepted it
   * @throws PhoneRefusedError, PhoneBusyError, PhoneUnreachableError, NoTwilioAccountError, NoMonitorUrlError: it
   *   certainly was not accepted; PhoneInDoubtError and whatever else: nobody knows
   */
  send(telling: Telling, now: Date): Promise<string>;
  /**
   * Looks whether Twilio has accepted a message, at `since` or later.
   * @param known sids that belong to other messages; two calls to one phone look alike
   * @throws PhoneRefusedError, PhoneBusyError, PhoneUnreachableError
   */
  find(telling: Telling, since: Date, known: ReadonlySet<string>, now: Date): Promise<string | undefined>;
  /** @throws PhoneRefusedError, PhoneBusyError, PhoneUnreachableError */
  balance(now: Date): Promise<Balance>;
}

/** What the outbox knows of a message. */
export type OutboxState =
  | { readonly state: "new" }
  /** Claimed by a run whose outcome is not known; `claimedAt` by the latest one, `firstClaimedAt` by the first. */
  | { readonly state: "claimed"; readonly claimedAt: Date; readonly firstClaimedAt: Date }
  /** Twilio accepted it. What became of it since, if Twilio has said so. */
  | { readonly state: "sent"; readonly sid: string; readonly delivery?: Omit<Delivery, "sid"> }
  | { readonly state: "failed"; readonly reason: string }
  | { readonly state: "over-budget" };

/** What Twilio's status callback says of a message. */
export interface Delivery {
  readonly sid: string;
  /** MessageStatus or CallStatus, in Twilio's words. */
  readonly status: string;
  readonly errorCode?: number;
  readonly at: Date;
}

/** Which messages went out. Every write is one conditional write, or safe to repeat. */
export interface Outbox {
  find(key: string): Promise<OutboxState>;
  /** Claims a message that is new. False: it no longer is. */
  claim(telling: Telling, now: Date): Promise<boolean>;
  /** Takes over a claim that is in doubt, if it still is the one that was seen. */
  takeOver(key: string, seenClaimedAt: Date, now: Date): Promise<boolean>;
  /**
   * Gives a claim back when Twilio certainly did not accept the message, if it still is the one that was made. One that
   * was taken over stays: the attempt before it is in doubt.
   */
  release(key: string, claimedAt: Date): Promise<void>;
  /** Safe to repeat; the first sid stays. */
  markSent(key: string, sid: string): Promise<void>;
  /** Notes that Twilio will never accept it, if the claim still is the one that was made. */
  markFailed(key: string, claimedAt: Date, reason: string): Promise<void>;
  /** Notes that a new message was held back. Safe to repeat. */
  markOverBudget(telling: Telling, now: Date): Promise<void>;
  /**
   * Notes what became of a message, and with it that it was sent. Callbacks come late, twice and out of order: what is
   * no further than what is known changes nothing ("known"). "another": the message is on record with another sid,
   * so that it went out twice. "unknown": there is no such message.
   */
  recordDelivery(key: string, delivery: Delivery): Promise<"recorded" | "known" | "another" | "unknown">;
  /** Sids on record of messages to this phone. */
  sidsTo(phone: string): Promise<ReadonlySet<string>>;
}

/** Counts messages per hour. */
export interface Budget {
  /**
   * Takes a place in that hour for a message. True as well when the message has one already. One conditional write.
   * @param hour as hourOf() of telling/budget.ts names it
   */
  take(hour: string, key: string, limit: number): Promise<boolean>;
}

/** Texts that contacts sent. A text is taken to mean the same whenever it comes. */
export interface Inbox {
  /** Keeps which incidents a text is about, unless that is on record; answers what stands. One conditional write. */
  keep(messageSid: string, from: string, incidents: readonly number[], now: Date): Promise<readonly number[]>;
}

/** Who we are at Twilio. */
export interface TwilioCredentials {
  /** "AC" and 32 hexadecimal digits. */
  readonly accountSid: string;
  /** The first is used for calls of ours; requests of Twilio's may be signed with any, while one is being replaced. */
  readonly authTokens: readonly [string, ...string[]];
}

/** Knows who we are at Twilio. */
export interface TwilioAccount {
  /** @throws NoTwilioAccountError */
  read(now: Date): Promise<TwilioCredentials>;
}

/** Where Twilio reaches us, each a function URL without a query. */
export type MonitorUrl = "sms" | "keypress" | "delivery" | "heartbeat";

/** Knows our own addresses, which Twilio signs: they come from configuration and never from a request. */
export interface MonitorUrls {
  /** @throws NoMonitorUrlError */
  read(name: MonitorUrl, now: Date): Promise<string>;
}
