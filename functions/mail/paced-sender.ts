import type { Clock } from "#platform";
import { QuotaUsedUpError } from "./failures.ts";
import type { Allowance, MailSender } from "./ports.ts";

/** What we use of the rate that SES allows. The rest is for other mail of the account. */
const SHARE_OF_RATE = 0.9;

/**
 * A sender that keeps to what SES allows the account: it waits until the next mail may go, and asks for none beyond
 * the day's quota.
 * @param clock the run's; pauses are on it
 */
export function pacedSender(sender: MailSender, { perSecond, left }: Allowance, clock: Clock): MailSender {
  const intervalMilliseconds = Math.ceil(1000 / (perSecond * SHARE_OF_RATE));
  let nextAt = 0;
  let remaining = left;
  return {
    send: async (message, recipient, key) => {
      if (remaining < 1) throw new QuotaUsedUpError("as many mails went out as SES allows in 24 hours");
      const pause = nextAt - clock.now().getTime();
      if (pause > 0) await clock.sleep(pause);
      nextAt = clock.now().getTime() + intervalMilliseconds;
      const id = await sender.send(message, recipient, key);
      remaining -= 1;
      return id;
    },
  };
}
