import { z } from "#platform";

/** What an account may be called. It stands in mail, in file names of usage and in names of executions. */
export const AccountId = z
  .string()
  .regex(/^[A-Za-z0-9._@+-]{1,64}$/, "an account: up to 64 letters, digits or . _ @ + -");

/** Where mail to an account goes: one address, without a display name. */
export const MailAddress = z
  .string()
  .max(254, "an address of up to 254 characters") // RFC 5321, 4.5.3.1.3, less the angle brackets
  .regex(/^[^\s@<>,;"]+@[^\s@<>,;"]+$/, "an address like user@example.org");
