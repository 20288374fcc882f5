import { after } from "../account.ts";
import type { MailFate } from "../contract.ts";

/** What becomes of a mail for one of its recipients. */
export type Outcome =
  | "delivered"
  | "complained" // delivered, and the reader calls it spam
  | "bounced" // there is no such mailbox
  | "mailbox-full" // not delivered until SES gave up
  | "suppressed-bounce" // not tried: the address bounced before
  | "suppressed-complaint" // not tried: its reader complained before
  | "rejected"; // not tried: the message holds a virus

/** Why an address is on the account's suppression list (SES API v2, SuppressedDestination). */
type Reason = "BOUNCE" | "COMPLAINT";

/** After how many seconds SES tells of an outcome. A complaint follows its delivery. */
export const SECONDS_UNTIL_TOLD: Readonly<Record<Outcome, number>> = {
  delivered: 2,
  bounced: 3,
  complained: 30,
  "mailbox-full": 60,
  "suppressed-bounce": 1,
  "suppressed-complaint": 1,
  rejected: 1,
};

const OUTCOMES: Readonly<Record<MailFate, Outcome>> = {
  deliver: "delivered",
  bounce: "bounced",
  complaint: "complained",
  transient: "mailbox-full",
};

/** The mailbox simulator (SES developer guide, "Using the mailbox simulator manually"). Its names may have a label. */
const SIMULATOR: ReadonlyMap<string, Outcome> = new Map([
  ["success", "delivered"],
  ["ooto", "delivered"], // the answer goes to the sender as a mail, and is no event
  ["bounce", "bounced"],
  ["complaint", "complained"],
  ["suppressionlist", "suppressed-bounce"],
]);

/** What the mailbox simulator does with mail to an address; undefined when the address is not the simulator's. */
export function simulated(address: string): Outcome | undefined {
  const [, name = ""] = /^([^@+]+)(?:\+[^@]*)?@simulator\.amazonses\.com$/.exec(address.toLowerCase()) ?? [];
  return SIMULATOR.get(name);
}

/**
 * The people who get mail: what becomes of it at each address, and the suppression list that follows from that. The
 * list is on for bounces and complaints, as in every account since November 2019 (SES developer guide, "Using the
 * account-level suppression list"). The simulator's addresses never get onto it.
 */
export class Recipients {
  readonly #fates = new Map<string, MailFate>();
  /** By region and address. */
  readonly #suppressed = new Map<string, { readonly reason: Reason; readonly since: Date }>();

  /** From now on mail to this address fares so. An address that is on the suppression list stays there. */
  setFate(address: string, fate: MailFate): void {
    this.#fates.set(address.toLowerCase(), fate);
  }

  /** What becomes of a mail to `address` that SES accepted in `region` at `at`. Hard bounces and complaints last. */
  receive(region: string, address: string, at: Date): Outcome {
    const scenario = simulated(address);
    if (scenario !== undefined) return scenario;
    const outcome = this.#suppression(region, address, at) ?? this.#fate(address);
    const reason = outcome === "bounced" ? "BOUNCE" : outcome === "complained" ? "COMPLAINT" : undefined;
    const key = keyOf(region, address);
    if (reason !== undefined && !this.#suppressed.has(key)) {
      // Once SES has heard of it. What is sent until then bounces once more.
      this.#suppressed.set(key, { reason, since: after(at, SECONDS_UNTIL_TOLD[outcome]) });
    }
    return outcome;
  }

  #fate(address: string): Outcome {
    return OUTCOMES[this.#fates.get(address.toLowerCase()) ?? "deliver"];
  }

  #suppression(region: string, address: string, at: Date): Outcome | undefined {
    const entry = this.#suppressed.get(keyOf(region, address));
    if (entry === undefined || entry.since > at) return undefined;
    return entry.reason === "BOUNCE" ? "suppressed-bounce" : "suppressed-complaint";
  }
}

function keyOf(region: string, address: string): string {
  return `${region} ${address.toLowerCase()}`;
}
