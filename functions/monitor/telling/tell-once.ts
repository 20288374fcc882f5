import { hourOf, stormKey } from "./budget.ts";
import {
  NoMonitorUrlError,
  NoTwilioAccountError,
  PhoneBusyError,
  PhoneInDoubtError,
  PhoneRefusedError,
  PhoneUnreachableError,
  TellInDoubtError,
} from "./failures.ts";
import type { Budget, Outbox, OutboxState, Phone, Telling } from "./ports.ts";
import { tooMany } from "./wording.ts";

/**
 * How long a claim without an outcome is left alone: the run that made it may still be waiting for Twilio's answer
 * (10 s at most), and Twilio's lists may lag.
 */
export const DOUBT_SECONDS = 30;

/** How long Twilio's lists are asked in vain, because they cannot be read, before a message is sent again unseen. */
export const GIVE_UP_LOOKING_SECONDS = 120;

/** What became of a message. The reason of a failure is a sentence for the incident's timeline. */
export interface Told {
  readonly outcome: "sent" | "already" | "over-budget" | "failed";
  readonly sid?: string;
  readonly reason?: string;
}

/** What telling stands on. */
export interface TellingDesk {
  readonly outbox: Outbox;
  readonly phone: Phone;
  readonly budget: Budget;
  /** Messages an hour, to all contacts together. */
  readonly messagesPerHour: number;
}

/**
 * Tells a contact something, once per key, whatever dies between any two calls: claim, send, mark.
 *
 * Twilio has no idempotency key. A claim that stands without an outcome is settled by Twilio's status callback, which
 * names the key (receive-delivery.ts), or by looking through Twilio's lists; if neither knows of the message, it is
 * sent again. So a message is lost never. It is doubled only if Twilio accepted it, the answer was lost, the callback
 * was lost or late, *and* Twilio's list did not show it or could not be read for two minutes: for an alarm, twice is
 * better than never.
 *
 * What Twilio refuses for good is recorded as failed and answered as such, so that the next contact is told.
 * @throws TellInDoubtError to be called again in some seconds; PhoneBusyError, PhoneUnreachableError and errors of AWS,
 *   which are worth a retry as well
 */
export async function tellOnce(telling: Telling, now: Date, desk: TellingDesk): Promise<Told> {
  const { outbox, budget, messagesPerHour } = desk;
  const standing = await outbox.find(telling.key);
  if (standing.state !== "new") return carryOn(telling, standing, now, desk);
  const hour = hourOf(now);
  // Before the claim, so that a death between the two leaves no doubt about the message.
  if (await budget.take(hour, telling.key, messagesPerHour)) return claimAndSend(telling, now, desk);
  await sendStormNotice(telling, hour, now, desk);
  await outbox.markOverBudget(telling, now);
  return { outcome: "over-budget" };
}

/** Tells the contact, once an hour, that more is held back. It takes no place in the budget. */
async function sendStormNotice(telling: Telling, hour: string, now: Date, desk: TellingDesk): Promise<void> {
  const { contact, channel } = telling;
  const words = tooMany(hour, desk.messagesPerHour);
  const notice = { key: stormKey(hour, contact.name), contact, channel, text: words[channel] };
  const standing = await desk.outbox.find(notice.key);
  await (standing.state === "new" ? claimAndSend(notice, now, desk) : carryOn(notice, standing, now, desk));
}

/** Goes on where an earlier run, or another one beside this, has left a message. */
async function carryOn(
  telling: Telling,
  standing: Exclude<OutboxState, { state: "new" }>,
  now: Date,
  desk: TellingDesk,
): Promise<Told> {
  switch (standing.state) {
    case "sent":
      return { outcome: "already", sid: standing.sid };
    case "failed":
      return { outcome: "failed", reason: standing.reason };
    case "over-budget":
      return { outcome: "over-budget" };
    case "claimed":
      return settle(telling, standing, now, desk);
  }
}

/** Finds out about a claim without an outcome, and sends again when nobody knows of the message. */
async function settle(
  telling: Telling,
  { claimedAt, firstClaimedAt }: Extract<OutboxState, { state: "claimed" }>,
  now: Date,
  desk: TellingDesk,
): Promise<Told> {
  const { outbox } = desk;
  const doubtSeconds = (now.getTime() - claimedAt.getTime()) / 1000;
  if (doubtSeconds < DOUBT_SECONDS) throw inDoubt(telling, "an earlier attempt has no outcome yet");
  const sid = await lookFor(telling, firstClaimedAt, doubtSeconds, now, desk);
  if (sid !== undefined) {
    await outbox.markSent(telling.key, sid);
    return { outcome: "already", sid };
  }
  if (!(await outbox.takeOver(telling.key, claimedAt, now)))
    throw inDoubt(telling, "another run has taken it over");
  return send(telling, now, desk);
}

async function lookFor(
  telling: Telling,
  since: Date,
  doubtSeconds: number,
  now: Date,
  { outbox, phone }: TellingDesk,
): Promise<string | undefined> {
  const known = await outbox.sidsTo(telling.contact.phone);
  try {
    return await phone.find(telling, since, known, now);
  } catch (error) {
    if (doubtSeconds >= GIVE_UP_LOOKING_SECONDS) return undefined;
    throw inDoubt(telling, "Twilio cannot be asked what became of it", error);
  }
}

async function claimAndSend(telling: Telling, now: Date, desk: TellingDesk): Promise<Told> {
  if (await desk.outbox.claim(telling, now)) return send(telling, now, desk);
  throw inDoubt(telling, "another run is sending it");
}

/** Sends what this run has claimed at `now`. */
async function send(telling: Telling, now: Date, { outbox, phone }: TellingDesk): Promise<Told> {
  const { key } = telling;
  try {
    const sid = await phone.send(telling, now);
    await outbox.markSent(key, sid);
    return { outcome: "sent", sid };
  } catch (error) {
    if (error instanceof PhoneRefusedError) {
      await outbox.markFailed(key, now, error.message);
      return { outcome: "failed", reason: error.message };
    }
    if (error instanceof PhoneInDoubtError) throw inDoubt(telling, error.message, error);
    if (!certainlyUnsent(error)) throw error;
    await outbox.release(key, now);
    if (error instanceof PhoneBusyError || error instanceof PhoneUnreachableError) throw error;
    return { outcome: "failed", reason: error.message }; // nobody has set us up; not on record, so that it can be mended
  }
}

function certainlyUnsent(error: unknown): error is Error {
  return [PhoneBusyError, PhoneUnreachableError, NoTwilioAccountError, NoMonitorUrlError].some(
    (kind) => error instanceof kind,
  );
}

function inDoubt({ key }: Telling, why: string, cause?: unknown): TellInDoubtError {
  return new TellInDoubtError(`${key}: ${why}`, { cause });
}
