import { invalidValue } from "../aws-error.ts";
import type { RawHeader } from "./raw-mail.ts";

/** Headers that SES accepts only once (SES developer guide, "Amazon SES header fields"). */
const SINGLE_INSTANCE: ReadonlySet<string> = new Set([
  ...["accept-language", "archived-at", "auto-submitted", "bcc", "cc", "comments", "content-base"],
  ...["content-class", "content-description", "content-disposition", "content-duration", "content-id"],
  ...["content-language", "content-length", "content-location", "content-md5", "content-transfer-encoding"],
  ...["content-type", "date", "delivered-to", "disposition-notification-options"],
  ...["disposition-notification-to", "dkim-signature", "feedback-id", "from", "importance", "in-reply-to"],
  ...["keywords", "list-archive", "list-help", "list-id", "list-owner", "list-post", "list-subscribe"],
  ...["list-unsubscribe", "list-unsubscribe-post", "message-context", "message-id", "mime-version"],
  ...["organization", "original-from", "original-message-id", "original-recipient", "original-subject"],
  ...["precedence", "priority", "references", "reply-to", "return-path", "return-receipt-to", "sender"],
  ...["solicitation", "sensitivity", "subject", "thread-index", "thread-topic", "to", "user-agent"],
  ...["vbr-info"],
]);

/**
 * Refuses headers as SES does: without a name, with a name that is none (RFC 5322, section 2.2), with a control
 * character in the value (a lone CR or LF among them), and twice where once is allowed.
 * @throws AwsError InvalidParameterValue
 */
export function requireHeaders(headers: readonly RawHeader[]): void {
  for (const header of headers) requireSound(header);
  const seen = new Set<string>();
  for (const { name } of headers) {
    const lower = name.toLowerCase();
    if (SINGLE_INSTANCE.has(lower) && seen.has(lower)) throw invalidValue(`Duplicate header '${name}'.`);
    seen.add(lower);
  }
}

function requireSound({ name, field, value }: RawHeader): void {
  if (field.startsWith(":")) throw invalidValue("Empty header names are illegal.");
  const isSound = /^[!-9;-~]+$/.test(name) && field.includes(":") && !/[^\P{Cc}\t\x80-\x9f]/u.test(value);
  if (!isSound) throw invalidValue(`Illegal header '${name.slice(0, 100)}'.`);
}
