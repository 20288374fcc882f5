import { formatDollars } from "#ledger";
import type { FactsOf } from "../notice.ts";
import { type Block, command, type Document, list, paragraph, type Sender } from "./document.ts";
import { counted } from "./in-words.ts";
import { charts, largestChanges, mailSection, money, namedAccounts, usage } from "./night-sections.ts";

type Night = FactsOf<"night-report">;

/** The owner's mail of a night: how it ended, what there is to do, and what was charged. */
export function nightReport(night: Night, { service, site }: Sender): Document {
  return {
    subject: `${service}: ${subjectOf(night)}`,
    tone: night.state === "closed" ? "calm" : "warning",
    heading: headingOf(night),
    blocks: [
      ...leadOf(night),
      ...(night.accounts === 0 ? [] : [...money(night), ...usage(night)]),
      ...charts(night),
      ...largestChanges(night),
      ...namedAccounts(night),
      ...mailSection(night),
    ],
    footer: {
      service,
      site,
      lines: [
        "You get this mail because fleet.yml names you as the owner.",
        "Days are days of UTC. Amounts are exact.",
      ],
    },
  };
}

function subjectOf({ day, state, revenue, accounts }: Night): string {
  switch (state) {
    case "closed":
      return `${day} is closed, ${formatDollars(revenue)} from ${counted(accounts, "account")}`;
    case "held":
      return `${day} waits for your approval`;
    case "partial":
      return `${day} is billed in part`;
    case "failed":
      return `${day} could not be billed`;
  }
}

function headingOf({ day, state }: Night): string {
  const ends = {
    closed: "is closed",
    held: "waits for your approval",
    partial: "is billed in part",
    failed: "could not be billed",
  };
  return `The night of ${day} ${ends[state]}`;
}

/** What happened, and what to do about it. */
function leadOf({ state, reasons, approve, accounts, revenue }: Night): Block[] {
  const why = reasons.length === 0 ? [] : [list(reasons)];
  const billed = `${counted(accounts, "account")} charged, ${formatDollars(revenue)} in all.`;
  switch (state) {
    case "closed":
      return [
        paragraph(billed),
        ...(reasons.length === 0 ? [] : [paragraph("This stood out, and was approved:"), ...why]),
      ];
    case "held":
      return [
        paragraph(
          accounts === 0 ? "Nobody has been charged yet, because:" : `${billed} What is left waits, because:`,
        ),
        ...why,
        ...(approve === null
          ? []
          : [paragraph("Look into it. If it is right as it is, approve it:"), command(approve)]),
      ];
    case "partial":
      return [
        paragraph(billed),
        paragraph("The rest is not billed, because:"),
        ...why,
        paragraph("Put that right. The next run bills what is missing, and nobody twice."),
      ];
    case "failed":
      return [
        paragraph("The run ended before there was anything to report, because:"),
        ...why,
        paragraph(
          "Put that right. The next run carries on from where this one stood, and charges nobody twice.",
        ),
      ];
  }
}
