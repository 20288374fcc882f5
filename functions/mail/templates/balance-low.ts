import { addDays, type Day, formatDollars } from "#ledger";
import type { FactsOf } from "../notice.ts";
import { action, customerFooter, type Document, facts, figures, paragraph, type Sender } from "./document.ts";
import { counted } from "./in-words.ts";
import { WHAT_STOPS } from "./suspension.ts";

/** Says that a balance pays for less than a week of storage, and until when to add to it. */
export function balanceLow(low: FactsOf<"balance-low">, sender: Sender): Document {
  const { account, on, balance, storagePerDay, daysLeft } = low;
  const days = daysLeft === 0 ? "less than a day" : counted(daysLeft, "day");
  return {
    subject: `${sender.service}: balance low, ${days} of storage left`,
    tone: "warning",
    heading: "Your balance is low",
    blocks: [
      paragraph(
        `After ${on} was charged, your balance is ${formatDollars(balance)}. At today's rate that pays for ${days} of storage. Bandwidth is not counted in this, and makes it less.`,
      ),
      facts([
        { label: "Account", value: account },
        { label: "Charged until", value: on },
        { label: "Storage left", value: days },
      ]),
      figures([
        { label: "Balance", value: formatDollars(balance) },
        { label: "Storage per day", value: formatDollars(storagePerDay) },
      ]),
      paragraph(
        `When the balance is used up, the account is suspended: ${WHAT_STOPS} To avoid that, add money before the end of ${lastDayToPay(low)} (UTC), or sooner if you use bandwidth.`,
      ),
      action("Add money", sender.payAt),
    ],
    footer: customerFooter(sender, account),
  };
}

/**
 * The last day on which money comes in time, if nothing but storage is charged. A day is charged when it is over, and
 * an account is suspended by the charge that leaves it nothing: whoever has for exactly three days, at the third.
 */
function lastDayToPay({ on, balance, storagePerDay, daysLeft }: FactsOf<"balance-low">): Day {
  const comesOut = storagePerDay > 0n && balance % storagePerDay === 0n;
  return addDays(on, comesOut ? daysLeft : daysLeft + 1);
}
