import type { Day } from "#ledger";

/*
 * What a mail says, before it is text or HTML: nouns for the templates, of which text.ts and html.ts make the two forms.
 * Strings are plain text; escaping is the renderers' affair.
 */

/** Who writes, as fleet.yml has it (section `billing`). Addresses begin with https://. */
export interface Sender {
  readonly service: string;
  readonly site: string;
  readonly payAt: string;
  readonly domain: string;
}

/** A line of a table. The note stands beneath it; a total is set off from what it is the sum of. */
export interface Row {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
  readonly total?: true;
}

/** A bar of a chart: how long it is, in whatever unit, and the same in words. */
export interface Bar {
  readonly day: Day;
  readonly size: bigint;
  readonly words: string;
}

export type Block =
  | { readonly kind: "paragraph" | "section" | "command"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly string[] }
  | { readonly kind: "action"; readonly label: string; readonly link: string }
  | { readonly kind: "facts" | "figures"; readonly rows: readonly Row[] }
  | { readonly kind: "chart"; readonly title: string; readonly bars: readonly Bar[] };

export interface Document {
  readonly subject: string;
  /** A warning asks its reader to do something. */
  readonly tone: "calm" | "warning";
  readonly heading: string;
  readonly blocks: readonly Block[];
  readonly footer: Footer;
}

/** Who wrote, and why to this reader. */
export interface Footer {
  readonly service: string;
  readonly site: string;
  readonly lines: readonly string[];
}

/** Running text. */
export function paragraph(text: string): Block {
  return { kind: "paragraph", text };
}

/** The title of what follows. */
export function section(text: string): Block {
  return { kind: "section", text };
}

/** A command to be copied. It is never wrapped. */
export function command(text: string): Block {
  return { kind: "command", text };
}

/** One item a line. */
export function list(items: readonly string[]): Block {
  return { kind: "list", items };
}

/** The one thing that the reader may want to do now. The address is always shown, so that it can be judged. */
export function action(label: string, link: string): Block {
  return { kind: "action", label, link };
}

/** A table of words: labels and values, both from the left. */
export function facts(rows: readonly Row[]): Block {
  return { kind: "facts", rows };
}

/** A table of amounts, which stand below each other by their decimal points. */
export function figures(rows: readonly Row[]): Block {
  return { kind: "figures", rows };
}

/** Bars from zero, the oldest first. */
export function chart(title: string, bars: readonly Bar[]): Block {
  return { kind: "chart", title, bars };
}

/** The footer of a customer's mail. */
export function customerFooter({ service, site, domain }: Sender, account: string): Footer {
  const why = `You get this mail because the account ${account} at ${domain} has this address.`;
  return { service, site, lines: [why, "Days are days of UTC. Amounts are exact."] };
}
