import { createHash } from "node:crypto";
import { z } from "#platform";

const Address = z.string().regex(/^[^\s@<>,;"]+@[^\s@<>,;"]+$/, "an address like user@example.org");
/** Header text must stay on its line: a line break would let the sender of a subject add headers. */
const HeaderText = z.string().regex(/^[^\r\n]*$/, "one line");

/** A mail to be sent once to each recipient. */
export const MessageSchema = z.object({
  /** Names the event, for example `base-20261122-0400-…/built`. With the recipient it is the ledger's key. */
  id: HeaderText.min(1).max(200),
  from: Address,
  to: z.array(Address).min(1).max(50),
  subject: HeaderText.min(1).max(200),
  text: z.string(),
});

export type Message = z.infer<typeof MessageSchema>;

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
