import { type Account, dayOf, monthOf, ZERO } from "#ledger";
import { z } from "#platform";
import { AccountId, MailAddress } from "./account-id.ts";

/** What opens an account. The link is where the customer confirms the address; without one, no mail is sent. */
export const OpeningSchema = z
  .object({
    account: AccountId,
    mail: MailAddress,
    link: z
      .string()
      .max(2000)
      .regex(/^https:\/\/[^\s"<>]+$/, "an address that begins with https://")
      .optional(),
    expires: z.iso.datetime({ offset: true }).optional(),
    time: z.iso.datetime({ offset: true }),
  })
  .refine(({ link, expires }) => (link === undefined) === (expires === undefined), {
    path: ["expires"],
    message: "a link and the instant at which it expires come together",
  });

export type Opening = z.infer<typeof OpeningSchema>;

/** The notice by which a customer is asked to confirm an address. The mail domain renders it. */
export interface ConfirmationNotice {
  /** With the recipient it says which mail this is: a link with another expiry is another mail. */
  readonly id: string;
  readonly template: "address-confirmation";
  readonly to: string;
  readonly facts: { readonly account: string; readonly link: string; readonly expires: string };
}

/** An account in which nothing has happened. Its balance is not positive, so it begins with a payment. */
export function newAccount({ account, mail, time }: Opening): Account {
  return {
    account,
    mail,
    revision: 0n,
    month: monthOf(dayOf(new Date(time))),
    opening: ZERO,
    balance: ZERO,
    charges: {},
    entries: {},
    used: { storedBytes: 0n, bytesIn: 0n, bytesOut: 0n },
    storageCharged: ZERO,
  };
}

/** The notice that goes with an opening, if it has a link. */
export function confirmationNotice({
  account,
  mail,
  link,
  expires,
}: Opening): ConfirmationNotice | undefined {
  if (link === undefined || expires === undefined) return undefined;
  const id = `address-confirmation/${account}/${expires}`;
  return { id, template: "address-confirmation", to: mail, facts: { account, link, expires } };
}
