import type { Monitor } from "#fleet";
import type { Contact } from "./ports.ts";

/** The contacts of a fleet, in the order in which they are woken. Each reads times in a zone of their own. */
export function contactsOf({ contacts, timeZone }: Monitor): readonly Contact[] {
  return Object.entries(contacts).map(([name, { phone, quiet }]) => ({
    name,
    phone,
    timeZone: quiet?.timeZone ?? timeZone,
  }));
}
