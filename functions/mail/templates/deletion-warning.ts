import { formatDollars } from "#ledger";
import type { FactsOf } from "../notice.ts";
import { action, customerFooter, type Document, facts, paragraph, type Sender } from "./document.ts";
import { enough, IT_GROWS, WHAT_STOPS } from "./suspension.ts";

/** Warns that a suspended account's data may soon be deleted. */
export function deletionWarning(
  { account, balance, deletableFrom }: FactsOf<"deletion-warning">,
  sender: Sender,
): Document {
  return {
    subject: `${sender.service}: your data may be deleted from ${deletableFrom} on`,
    tone: "warning",
    heading: `Your data may be deleted from ${deletableFrom} on`,
    blocks: [
      paragraph(`Your account is suspended: ${WHAT_STOPS}`),
      paragraph(
        `From ${deletableFrom} on (UTC), and not before, its data may be deleted, once a person has approved it. What was deleted cannot be brought back.`,
      ),
      facts([
        { label: "Account", value: account },
        { label: "Balance", value: formatDollars(balance) },
        { label: "Deletable from", value: deletableFrom },
      ]),
      paragraph(`To keep your data, add ${enough(balance)} before ${deletableFrom}. ${IT_GROWS}`),
      action("Add money", sender.payAt),
      paragraph("If you no longer need the data, you need not do anything."),
    ],
    footer: customerFooter(sender, account),
  };
}
