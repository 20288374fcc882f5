import MailComposer from "nodemailer/lib/mail-composer";
import type { Message } from "../message.ts";

/** SES writes a Date of its own over this one, which keeps the present out of the bytes. */
const WRITTEN_OVER = new Date(0);

/**
 * The bytes of a mail to one recipient (RFC 5322): plain text, or with HTML as an alternative (RFC 2046, 5.1.4). The
 * same mail is the same bytes, so its boundary and its Message-ID follow from the key.
 */
export function composeMail(message: Message, recipient: string, key: string): Promise<Buffer> {
  const { id, from, replyTo, subject, text, html } = message;
  return new MailComposer({
    ...{ from, to: recipient, subject, text },
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(html === undefined ? {} : { html }),
    encoding: "quoted-printable", // lines of any length, 7 bits, and still legible
    newline: "windows",
    baseBoundary: key,
    messageId: `<${key}@${from.slice(from.lastIndexOf("@") + 1)}>`,
    date: WRITTEN_OVER,
    // RFC 3834: a machine wrote this, so no machine should answer it.
    headers: { "Auto-Submitted": "auto-generated", "X-Nightshift-Message": id },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
}
