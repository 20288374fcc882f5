import { AwsError } from "../aws-error.ts";
import type { SesAccess } from "../contract.ts";

/** What every new account is allowed: the sandbox (SES developer guide, "Service quotas", sending quotas). */
export const SANDBOX: SesAccess = { sandbox: true, mailsPerDay: 200, mailsPerSecond: 1 };

const SECOND_MILLISECONDS = 1000;
const DAY_MILLISECONDS = 86_400_000;

/** How many recipients there were in the last so many milliseconds. The time only ever goes forward. */
class Window {
  readonly #milliseconds: number;
  readonly #entries: { readonly at: number; readonly recipients: number }[] = [];
  #oldest = 0;
  #sum = 0;

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  add(at: number, recipients: number): void {
    this.#entries.push({ at, recipients });
    this.#sum += recipients;
  }

  sum(now: number): number {
    for (let entry = this.#entries[this.#oldest]; entry !== undefined; entry = this.#entries[this.#oldest]) {
      if (entry.at > now - this.#milliseconds) break;
      this.#sum -= entry.recipients;
      this.#oldest += 1;
    }
    return this.#sum;
  }
}

/**
 * The sending quotas of one region: both count recipients, not messages. Mail to the mailbox simulator counts towards
 * the rate and not towards the day (SES developer guide, "Using the mailbox simulator manually").
 */
export class SendingLimits {
  readonly #access: SesAccess;
  readonly #second = new Window(SECOND_MILLISECONDS);
  readonly #day = new Window(DAY_MILLISECONDS);

  constructor(access: SesAccess) {
    this.#access = access;
  }

  /** Recipients of the last 24 hours. */
  sentLastDay(now: Date): number {
    return this.#day.sum(now.getTime());
  }

  /**
   * Counts a message that is otherwise fine. One that has more recipients than a second allows goes through when
   * nothing else went in that second; AWS does not say what it does with those.
   * @throws AwsError Throttling, with SES's two messages
   */
  admit(now: Date, recipients: number, simulatedRecipients: number): void {
    const at = now.getTime();
    const sentThisSecond = this.#second.sum(at);
    if (sentThisSecond > 0 && sentThisSecond + recipients > this.#access.mailsPerSecond) {
      throw new AwsError("Throttling", "Maximum sending rate exceeded.");
    }
    const counted = recipients - simulatedRecipients;
    if (this.#day.sum(at) + counted > this.#access.mailsPerDay) {
      throw new AwsError("Throttling", "Daily message quota exceeded.");
    }
    this.#second.add(at, recipients);
    this.#day.add(at, counted);
  }
}
