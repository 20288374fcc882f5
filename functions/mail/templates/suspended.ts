import { formatDollars } from "#ledger";
import type { FactsOf } from "../notice.ts";
import { action, customerFooter, type Document, facts, paragraph, type Sender } from "./document.ts";
import { enough, IT_GROWS, WHAT_STOPS } from "./suspension.ts";

/** Says that an account is suspended, what that means, and for how long its data is safe in any case. */
export function suspended(
  { account, on, balance, deletableFrom }: FactsOf<"suspended">,
  sender: Sender,
): Document {
  return {
    subject: `${sender.service}: your account is suspended`,
    tone: "warning",
    heading: "Your account is suspended",
    blocks: [
      paragraph(
        `After ${on} was charged, your balance is no longer positive. Until it is again: ${WHAT_STOPS}`,
      ),
      facts([
        { label: "Account", value: account },
        { label: "Balance", value: formatDollars(balance) },
        { label: "Charged until", value: on },
        { label: "Not deleted before", value: deletableFrom },
      ]),
      paragraph(`To end this, add ${enough(balance)}. ${IT_GROWS}`),
      action("Add money", sender.payAt),
      paragraph(
        `Your data is not deleted before ${deletableFrom} (UTC), and then only after a person has approved it.`,
      ),
    ],
    footer: customerFooter(sender, account),
  };
}
