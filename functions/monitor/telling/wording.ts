import { cutToSeptets, septetsOf, toGsm7 } from "./gsm7.ts";
import { aloud, durationAloud, timeAloud } from "./spoken.ts";

/** Septets of one SMS. Every text of ours fits into one. */
const ONE_SMS = 160;

/** Septets of a check's name in an SMS; a reason is worth more than the end of a long name. */
const NAME_SEPTETS = 48;

/** Characters of a reason that are read aloud. */
const SPOKEN_REASON = 300;

/** What a message is about. */
export interface Occasion {
  readonly incident: number;
  /** Of the escalation; no two messages of an incident to one phone have the same. */
  readonly step: number;
  /** The name of the check: "mail.example.org: SMTP". Unused in an impaired(). */
  readonly check: string;
  /** "TIMED OUT after 10 s" */
  readonly reason: string;
  /** When it began. */
  readonly since: Date;
  /** The instant at which it is told. */
  readonly now: Date;
  /** IANA name of the zone in which the contact reads times. Default: UTC. */
  readonly timeZone?: string;
}

/** The same message for either channel. */
export interface Wording {
  /** One segment of GSM-7, that no other message to the same phone equals. */
  readonly sms: string;
  /** Text for a voice. It is said twice (telling/twiml.ts). */
  readonly call: string;
}

/** The first message of an incident, and of each step by which it escalates. */
export function alarm(occasion: Occasion): Wording {
  const { check, reason, since, timeZone } = occasion;
  return {
    sms: oneSms(
      `ALARM ${reference(occasion)} ${shortName(check)}: `,
      reason,
      ` (since ${clockTime(since, timeZone)}). ${askFor(occasion)}`,
    ),
    call: `Alarm. ${spokenCase(occasion)} ${spokenSince(occasion)} ${PRESS_ONE}`,
  };
}

/** A reminder that it goes on. */
export function stillFailing(occasion: Occasion): Wording {
  const { check, reason } = occasion;
  const [short, long] = lasting(occasion);
  return {
    sms: oneSms(
      `STILL ${reference(occasion)} ${shortName(check)}: `,
      reason,
      ` (for ${short}). ${askFor(occasion)}`,
    ),
    call: `Still failing, for ${long}. ${spokenCase(occasion)} ${PRESS_ONE}`,
  };
}

/** The last message of an incident: whoever was told of it is told that it is over. */
export function allClear(occasion: Occasion): Wording {
  const [short, long] = lasting(occasion);
  const name = toGsm7(occasion.check);
  return {
    sms: oneSms(`OK ${reference(occasion)} `, name, ` works again after ${short}. Nothing to do.`),
    call: `All clear. Incident ${aloud(String(occasion.incident))}, ${aloud(occasion.check)}, works again after ${long}. There is nothing to do.`,
  };
}

/** The monitor itself cannot see, so that the silence of everything else means nothing. */
export function impaired(occasion: Occasion): Wording {
  const { reason, since, timeZone } = occasion;
  const end = ` (since ${clockTime(since, timeZone)}). Other alarms wait. ${askFor(occasion)}`;
  return {
    sms: oneSms(`MONITOR IMPAIRED ${reference(occasion)}: `, reason, end),
    call: `The monitor itself is impaired, and other alarms wait. Incident ${aloud(String(occasion.incident))}. ${spokenReason(reason)} ${spokenSince(occasion)} ${PRESS_ONE}`,
  };
}

/**
 * Says once an hour that further messages are held back.
 * @param hour as hourOf() of telling/budget.ts names it: "2026-11-22T04"
 */
export function tooMany(hour: string, limit: number): Wording {
  const [day = "", clock = ""] = hour.split("T");
  return {
    sms: `TOO MANY MESSAGES [${day} ${clock}h]: more than ${limit} this hour. No more until the next full hour. See the status page.`,
    call: `Too many messages: more than ${limit} this hour. No more follow until the next full hour. See the status page.`,
  };
}

const PRESS_ONE = "Press 1 to acknowledge.";

/** Names a message among all: "[12.3]". */
function reference({ incident, step }: Occasion): string {
  return `[${incident}.${step}]`;
}

function askFor({ incident }: Occasion): string {
  return `Reply ACK ${incident}`;
}

function shortName(check: string): string {
  return cutToSeptets(oneLine(check), NAME_SEPTETS);
}

/** One segment. What gives way is the middle: the beginning says what it is, the end what to do. */
function oneSms(beginning: string, middle: string, end: string): string {
  const taken = septetsOf(beginning + end) ?? 0;
  return beginning + cutToSeptets(oneLine(middle), ONE_SMS - taken) + end;
}

function oneLine(text: string): string {
  return toGsm7(text).replaceAll(/\s+/g, " ").trim();
}

function spokenCase({ incident, check, reason }: Occasion): string {
  return `Incident ${aloud(String(incident))}. ${aloud(check.slice(0, SPOKEN_REASON))}. ${spokenReason(reason)}`;
}

function spokenReason(reason: string): string {
  return `${aloud(withoutAddresses(reason).slice(0, SPOKEN_REASON)).replace(/[.]+$/, "")}.`;
}

/**
 * A socket address in a reason, "10.0.0.1:443", "[2001:db8::1]:22" or "mail.example.org:25", with the word that leads to
 * it. A time of day is none: it has no letter and no point before its colon.
 */
const ADDRESS =
  /(?:^|,?(?: (?:by|at|to|from|with|of|says|connecting to))? )(?:\[[\da-f:.]+\]|(?=[\w-]*[a-z.])[\w.-]+):\d{1,5}\b(?!:)/gi;

/** A socket address read out, digit by digit, helps nobody who has just been woken: it stands in the text. */
function withoutAddresses(reason: string): string {
  const short = reason.replaceAll(ADDRESS, "").trim();
  return short === "" ? reason : short;
}

function spokenSince({ since, timeZone }: Occasion): string {
  const { hour, minute, zone } = timeIn(since, timeZone);
  return `Since ${timeAloud(hour, minute)}, ${zone === "UTC" ? "U T C" : "your time"}.`;
}

function clockTime(at: Date, timeZone: string | undefined): string {
  const { hour, minute, zone } = timeIn(at, timeZone);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(hour)}:${two(minute)} ${zone}`;
}

function timeIn(at: Date, timeZone = "UTC"): { hour: number; minute: number; zone: string } {
  const parts = formatIn(timeZone).formatToParts(at);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  return { hour: Number(of("hour")), minute: Number(of("minute")), zone: toGsm7(of("timeZoneName")) };
}

/** A zone that is none must not keep an alarm from going out. */
function formatIn(timeZone: string): Intl.DateTimeFormat {
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" } as const;
  try {
    return new Intl.DateTimeFormat("en-US", { ...options, timeZone });
  } catch {
    return new Intl.DateTimeFormat("en-US", { ...options, timeZone: "UTC" });
  }
}

/** How long it has lasted, in short and to be read aloud: "45 min", "2 h 5 min", "3 d 1 h". */
function lasting({ since, now }: Occasion): readonly [short: string, long: string] {
  const minutes = Math.max(0, Math.floor((now.getTime() - since.getTime()) / 60_000));
  const long = durationAloud(minutes);
  const units = { day: "d", hour: "h", minute: "min" };
  const short = long.replaceAll(
    /(\d+) (day|hour|minute)s?/g,
    (_, count, unit: keyof typeof units) => `${count} ${units[unit]}`,
  );
  return [minutes === 0 ? "under 1 min" : short.replace(" and ", " "), long];
}
