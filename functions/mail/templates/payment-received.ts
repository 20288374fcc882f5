import { formatDollars } from "#ledger";
import type { FactsOf } from "../notice.ts";
import { action, customerFooter, type Document, facts, figures, paragraph, type Sender } from "./document.ts";
import { enough, WHAT_STOPS } from "./suspension.ts";

/** Thanks for a payment, and says what the balance is with it. */
export function paymentReceived(
  { account, payment, on, amount, balance }: FactsOf<"payment-received">,
  sender: Sender,
): Document {
  return {
    subject: `${sender.service}: payment of ${formatDollars(amount)} received`,
    tone: "calm",
    heading: "Payment received",
    blocks: [
      paragraph(`Thank you. We received ${formatDollars(amount)} and added it to your balance.`),
      facts([
        { label: "Account", value: account },
        { label: "Payment", value: payment },
        { label: "Date", value: on },
      ]),
      figures([
        { label: "Payment", value: formatDollars(amount) },
        { label: "Balance now", value: formatDollars(balance) },
      ]),
      ...(balance > 0n
        ? [paragraph("If the account was suspended, it no longer is: reads, writes and new keys work again.")]
        : [
            paragraph(`The balance is still not positive, so the account stays suspended: ${WHAT_STOPS}`),
            paragraph(`To end this, add ${enough(balance)}.`),
            action("Add money", sender.payAt),
          ]),
    ],
    footer: customerFooter(sender, account),
  };
}
