import type { Notice } from "../notice.ts";
import { addressConfirmation } from "./address-confirmation.ts";
import { balanceLow } from "./balance-low.ts";
import { cleaned } from "./cleaned.ts";
import { deletionWarning } from "./deletion-warning.ts";
import type { Document, Sender } from "./document.ts";
import { htmlOf } from "./html.ts";
import { nightReport } from "./night-report.ts";
import { paymentReceived } from "./payment-received.ts";
import { statement } from "./statement.ts";
import { suspended } from "./suspended.ts";
import { textOf } from "./text.ts";

/** What a message's subject may have (message.ts). */
const SUBJECT_UNITS = 200;

/** A mail's content: the same in plain text and in HTML. */
export interface Rendered {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** What a notice says. The same notice is the same bytes. Facts may hold anything: nothing in them becomes markup. */
export function renderNotice(notice: Notice, sender: Sender): Rendered {
  const document = documentOf({ ...notice, facts: cleaned(notice.facts) } as Notice, cleaned(sender));
  return { subject: cut(document.subject), text: textOf(document), html: htmlOf(document) };
}

function documentOf({ template, facts }: Notice, sender: Sender): Document {
  switch (template) {
    case "address-confirmation":
      return addressConfirmation(facts, sender);
    case "payment-received":
      return paymentReceived(facts, sender);
    case "balance-low":
      return balanceLow(facts, sender);
    case "suspended":
      return suspended(facts, sender);
    case "deletion-warning":
      return deletionWarning(facts, sender);
    case "statement":
      return statement(facts, sender);
    case "night-report":
      return nightReport(facts, sender);
  }
}

/** A character takes two units at most, so half as many of them fit in any case. */
function cut(subject: string): string {
  if (subject.length <= SUBJECT_UNITS) return subject;
  return `${[...subject].slice(0, SUBJECT_UNITS / 2 - 1).join("")}…`;
}
