import { createHash } from "node:crypto";
import { z } from "#platform";

/** SES takes neither local parts nor domains beyond ASCII (SES API, SendRawEmail, Destinations: no SMTPUTF8). */
const Address = z
  .string()
  .regex(/^[^\s\p{Cc}@<>,;"]+@[^\s\p{Cc}@<>,;"]+$/u, "an address like user@example.org")
  .regex(/^\p{ASCII}*$/u, "an address in ASCII: SES delivers to no other");
/** Header text must stay on its line: a line break would let the sender of a subject add headers. */
const HeaderText = z.string().regex(/^[^\r\n]*$/, "one line");

/** A mail to be sent once to each recipient. */
export const MessageSchema = z.object({
  /** Names the event, for example `base-20261122-0400-…/built`. With the recipient it is the ledger's key. */
  id: HeaderText.min(1).max(200),
  from: Address,
  /** Where answers go, if not to the sender. */
  replyTo: Address.optional(),
  to: z.array(Address).min(1).max(50),
  subject: HeaderText.min(1).max(200),
  text: z.string(),
  /** The same as `text` in HTML, for those who prefer it. */
  html: z.string().optional(),
});

export type Message = z.infer<typeof MessageSchema>;

/** The tag that carries a send's key to SES, and back in its events. */
export const SEND_TAG = "nightshift-send";

/**
 * A tag value for SES, which allows only letters, digits, `_` and `-` (SES API, MessageTag) and should not carry
 * addresses. SES repeats it in its events, and so tells us which (message, recipient) it accepted. The events of an
 * account reach the rules of all its stages, so the key says whose send it is.
 */
export function sendKey(stage: string, messageId: string, recipient: string): string {
  return createHash("sha256")
    .update(`${stage}\n${messageId}\n${recipient.toLowerCase()}`)
    .digest("hex")
    .slice(0, 40);
}

/** The SES configuration set of a stage, whose events tell what became of its mail. */
export function configurationSetName(stage: string): string {
  return `nightshift-${stage}`;
}
