/**
 * What an error of Twilio's means for the message that it is about.
 * - permanent: it was not sent, and will not be, however often one asks. Tell the next contact.
 * - temporary: it was not sent; later it may be.
 * - in doubt: it may have been sent.
 */
export type Verdict = "permanent" | "temporary" | "in doubt";

interface KnownCode {
  readonly verdict: Verdict;
  /** What a person should do about it. */
  readonly advice: string;
}

const permanent = (advice: string): KnownCode => ({ verdict: "permanent", advice });
const temporary = (advice: string): KnownCode => ({ verdict: "temporary", advice });

/** Twilio, "Error and warning dictionary". 2xxxx come with an answer, 30xxx with a status callback. */
const CODES: Readonly<Record<number, KnownCode>> = {
  20003: permanent(
    "Put the account's SID and auth token into SSM; one of them is wrong, or the account is closed.",
  ),
  20404: permanent("Check the account's SID in SSM: Twilio knows no such account."),
  20429: temporary("Nothing: too many requests at once, and Twilio is asked again."),
  21205: permanent("A call had neither valid TwiML nor a URL: this is a bug of ours."),
  21210: permanent("The number that we call from is not verified: check it in fleet.yml and at Twilio."),
  21211: permanent("Correct the contact's phone number in fleet.yml: it is no valid number."),
  21215: permanent("Allow calls to the contact's country at Twilio (Voice, Geo permissions)."),
  21219: permanent("The account is on trial: verify the contact's number at Twilio, or upgrade."),
  21408: permanent("Allow SMS to the contact's country at Twilio (Messaging, Geo permissions)."),
  21602: permanent("A text without a body: this is a bug of ours."),
  21606: permanent("The number that we send from is not ours or sends no SMS: check it in fleet.yml."),
  21608: permanent("The account is on trial: verify the contact's number at Twilio, or upgrade."),
  21610: permanent("The contact has replied STOP: have START sent from that phone to our number."),
  21612: permanent("SMS cannot go from our number to this one: buy a number that can, or call instead."),
  21614: permanent("The contact's number takes no SMS: give a mobile number in fleet.yml."),
  21617: permanent("A text of more than 1600 characters: this is a bug of ours."),
  30001: temporary("Too many messages waited at Twilio. Fewer alarms, or another number."),
  30002: permanent("The account is suspended: see to it at Twilio, most likely the balance."),
  30003: temporary("The phone is off or out of reach. Call, or tell the next contact."),
  30004: permanent("The contact's phone or carrier blocks our texts: ask the carrier, or call instead."),
  30005: permanent("The contact's number is not in service: correct it in fleet.yml."),
  30006: permanent("The contact's number is a landline: give a mobile number in fleet.yml."),
  30007: permanent(
    "A carrier filtered the text as spam: look at the registration of our number, or call instead.",
  ),
  30008: temporary("The carrier did not say why. Call, or tell the next contact."),
  30032: permanent("Our toll-free number is not verified: have Twilio verify it. Calls go through."),
  30034: permanent("Our number has no A2P 10DLC campaign: register one with Twilio. Calls go through."),
  30036: temporary("The text waited at Twilio for longer than it was worth. Call, or tell the next contact."),
};

/**
 * The verdict on an answer to a request that was to send something. The status decides first: what failed inside of
 * Twilio may have been sent, whatever code comes with it.
 * @param status of HTTP, other than 2xx
 * @param code of the answer's JSON, if it has one
 */
export function verdictOn(status: number, code: number | undefined): Verdict {
  if (status === 429 || code === 20429) return "temporary"; // "never processed": error 20429
  if (status < 400 || status === 408 || status >= 500) return "in doubt";
  return "permanent"; // a 4xx: Twilio did nothing
}

/** What a person should do about a code; a sentence. Absent: it is none of those that are known here. */
export function adviceOn(code: number | undefined): string | undefined {
  return code === undefined ? undefined : CODES[code]?.advice;
}

/** Whether a message that Twilio accepted, and then reported with this code, could fare better later. */
export function mayPass(code: number): boolean {
  return CODES[code]?.verdict === "temporary";
}
