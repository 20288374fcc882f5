import type { FactsOf } from "../notice.ts";
import { action, type Document, paragraph, type Sender } from "./document.ts";
import { instant } from "./in-words.ts";

/** Asks whether an address is its account's. */
export function addressConfirmation(
  { account, link, expires }: FactsOf<"address-confirmation">,
  { service, site, domain }: Sender,
): Document {
  return {
    subject: `${service}: please confirm your address`,
    tone: "calm",
    heading: "Please confirm your address",
    blocks: [
      paragraph(
        `Somebody, probably you, opened the account ${account} at ${domain} and gave this address for its mail.`,
      ),
      paragraph(
        `If it was you, please confirm the address before ${instant(expires)}. The link then expires.`,
      ),
      action("Confirm this address", link),
      paragraph("If it was not you, you need not do anything: without the link, nothing is confirmed."),
    ],
    footer: {
      service,
      site,
      lines: [`You get this mail because this address was given for an account at ${domain}.`],
    },
  };
}
