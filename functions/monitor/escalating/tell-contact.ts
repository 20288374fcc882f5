import type { Monitor } from "#fleet";
import { MONITOR } from "../board.ts";
import { UnknownIncidentError } from "../failures.ts";
import { acknowledgedNow, type Incident, type ToldOutcome } from "../incident.ts";
import type { IncidentBook } from "../ports.ts";
import { contactsOf } from "../telling/contacts.ts";
import { PhoneBusyError } from "../telling/failures.ts";
import { messageKey } from "../telling/message-key.ts";
import { type TellingDesk, tellOnce } from "../telling/tell-once.ts";
import { alarm, allClear, impaired, type Occasion, stillFailing, type Wording } from "../telling/wording.ts";
import { type NextStep, nextStep, stepsOfRound, type TellStep } from "./next-step.ts";

/** For so long a busy Twilio says when to ask again. */
const PATIENCE_SECONDS = 120;
const LONGEST_WAIT_SECONDS = 60;

/** What came of a step; "busy": nothing yet, and it is to be taken again after so many seconds. */
export type TellOutcome =
  | { readonly outcome: ToldOutcome }
  | { readonly outcome: "busy"; readonly seconds: number };

/** What telling a contact stands on. */
export interface ContactDesk extends TellingDesk {
  readonly monitor: Monitor;
  readonly incidents: IncidentBook;
}

/**
 * Takes a step of an escalation, if it still is the next one: meanwhile somebody may have acknowledged, or the check
 * recovered, or another run of the same escalation told them.
 *
 * That it is taken goes on record before anything is sent. Whoever finds it begun brings it to its end, even if it is
 * needed no more: what was sent must be on record as sent, or its reader would miss the all-clear.
 * @throws UnknownIncidentError, and whatever tellOnce throws
 */
export async function tellContact(
  number: number,
  step: TellStep,
  now: Date,
  desk: ContactDesk,
): Promise<TellOutcome> {
  const { incidents, monitor } = desk;
  const incident = await incidents.read(number);
  if (incident === undefined) throw new UnknownIncidentError(`there is no incident ${number}`);
  const contact = contactsOf(monitor).find(({ name }) => name === step.contact);
  if (!isSame(step, nextStep(incident, monitor, now))) return { outcome: "not-needed" };
  const key = messageKey(number, step.step, step.contact, step.way);
  const begun = incident.told.find(({ outcome }) => outcome === "begun");
  const isBegun = begun !== undefined;
  if (contact === undefined || (isBegun && (await isTooLate(incident, step, key, now, desk)))) {
    await incidents.settle(number, step, "not-needed", now);
    return { outcome: "not-needed" };
  }
  if (!isBegun) await incidents.begin(number, { ...step, at: now, due: new Date(step.due) });
  const text = wordingOf(incident, step, monitor)[step.way];
  const answer = await tellOnce({ key, contact, channel: step.way, text }, now, desk).catch(
    (error: unknown) => askedToWait(error, begun?.at ?? now, now),
  );
  if (typeof answer === "number") return { outcome: "busy", seconds: answer };
  const { outcome, reason } = answer;
  const told = outcome === "already" ? "sent" : outcome;
  if (reason !== undefined)
    await incidents.note(number, {
      key: `told/${key}`,
      at: now,
      what: `${contact.name} not told: ${reason}`,
    });
  await incidents.settle(number, step, told, now);
  return { outcome: told };
}

/**
 * The seconds for which Twilio asked us to wait (Retry-After), as long as a step is young; then the machine's own retries
 * have the last word, lest a line that stays busy keeps the next way from being tried.
 * @throws what else went wrong
 */
function askedToWait(error: unknown, begunAt: Date, now: Date): number {
  const patienceLeft = PATIENCE_SECONDS - (now.getTime() - begunAt.getTime()) / 1000;
  if (!(error instanceof PhoneBusyError) || error.retryAfterSeconds === undefined || patienceLeft <= 0)
    throw error;
  return Math.min(Math.max(error.retryAfterSeconds, 1), LONGEST_WAIT_SECONDS);
}

/** Whether an alarm was begun, never left us, and wakes nobody to any purpose now. */
async function isTooLate(
  incident: Incident,
  { about }: TellStep,
  key: string,
  now: Date,
  { outbox }: TellingDesk,
): Promise<boolean> {
  const isWanted = incident.recoveredAt === undefined && acknowledgedNow(incident, now) === undefined;
  return about === "alarm" && !isWanted && (await outbox.find(key)).state === "new";
}

function isSame(step: TellStep, next: NextStep): boolean {
  return (
    next.action === "tell" &&
    next.about === step.about &&
    next.step === step.step &&
    next.contact === step.contact &&
    next.way === step.way
  );
}

/** What is said at a step. Everything in it follows from the record. */
export function wordingOf(incident: Incident, step: TellStep, monitor: Monitor): Wording {
  const { number, check, since, cause } = incident;
  const occasion: Occasion = {
    incident: number,
    step: step.step,
    check: check === MONITOR ? "the monitor" : (monitor.checks[check]?.title ?? check),
    reason: incident.reason,
    since,
    now: new Date(step.due),
    timeZone: contactsOf(monitor).find(({ name }) => name === step.contact)?.timeZone ?? monitor.timeZone,
  };
  if (step.about === "recovery") return allClear(occasion);
  if (cause === "impaired") return impaired(occasion);
  return step.step > stepsOfRound(monitor) ? stillFailing(occasion) : alarm(occasion);
}
