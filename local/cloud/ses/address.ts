import { invalidValue } from "../aws-error.ts";

/** Mailboxes of a header or parameter like `"Owner, the" <owner@example.org>, other@example.org`, names included. */
export function mailboxesIn(value: string | undefined): string[] {
  const parts = (value ?? "").match(/(?:"(?:[^"\\]|\\.)*"|<[^<>]*>|[^",<]|["<])+/g) ?? [];
  return parts.map((one) => one.trim()).filter((one) => one !== "");
}

/** The bare addresses of those mailboxes. */
export function bareAddresses(value: string | undefined): string[] {
  return mailboxesIn(value).map((one) => (/<([^<>]*)>$/.exec(one)?.[1] ?? one).trim());
}

/**
 * Bare addresses of a request's parameter. A line break there would add a header of the caller's making; SES takes it
 * for a part of the address.
 * @throws AwsError InvalidParameterValue
 */
export function givenAddresses(values: readonly string[]): string[] {
  if (values.some((value) => /\p{Cc}/u.test(value))) throw invalidValue(CONTROL_IN_LOCAL);
  return values.flatMap(bareAddresses);
}

/**
 * Refuses an address as SES does. Its messages are those of Java Mail's `InternetAddress`; beyond ASCII is neither a
 * local part (SMTPUTF8) nor a domain (punycode is asked for) allowed: SES API, SendRawEmail, Destinations.
 * @throws AwsError InvalidParameterValue
 */
export function requireAddress(address: string): void {
  const fault = faultOf(address);
  if (fault !== undefined) throw invalidValue(fault);
}

const CONTROL_IN_LOCAL = "Local address contains control or whitespace";

/** The domain of an address, in small letters. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1).toLowerCase();
}

function faultOf(address: string): string | undefined {
  const at = address.lastIndexOf("@");
  const local = at === -1 ? address : address.slice(0, at);
  if (address === "") return "Illegal address";
  if (at === 0) return "Missing local name";
  if (/[^\x21-\x7e]/.test(local)) return CONTROL_IN_LOCAL;
  if (at === -1) return "Missing final '@domain'";
  if (/[()<>,;:\\"[\]@]/.test(local)) return "Local address contains illegal character";
  return domainFaultOf(address.slice(at + 1));
}

function domainFaultOf(domain: string): string | undefined {
  if (domain === "") return "Missing domain";
  if (/[^\x21-\x7e]/.test(domain)) return "Domain contains control or whitespace";
  if (/[^A-Za-z0-9.-]/.test(domain)) return "Domain contains illegal character";
  if (domain.startsWith(".")) return "Domain starts with dot";
  if (domain.includes("..")) return "Domain contains dot-dot";
  return undefined;
}
