import type { AcceptedMail } from "../contract.ts";
import type { RawHeader } from "./raw-mail.ts";
import type { Outcome } from "./recipients.ts";

/** An accepted mail, with what SES knows of it besides. */
export interface JudgedMail extends AcceptedMail {
  /** When it was accepted. */
  readonly at: Date;
  /** As they were given, those that SES replaces and takes out included. */
  readonly headers: readonly RawHeader[];
  readonly configurationSet: string | undefined;
  /** The verified address or domain in whose name it was sent. */
  readonly identity: string;
  readonly outcomes: readonly { readonly address: string; readonly outcome: Outcome }[];
}
