import { invalidValue } from "../aws-error.ts";
import { type Params, structures, text } from "../form.ts";
import { headerValue, type RawMail } from "./raw-mail.ts";

/** The tags of a message: those of the request, or else those of its header X-SES-MESSAGE-TAGS (`a=b, c=d`). */
export function messageTags(params: Params, mail: RawMail): Record<string, string> {
  const given = structures(params, "Tags");
  if (given.length > 0) {
    return Object.fromEntries(given.map((tag) => [text(tag, "Name") ?? "", text(tag, "Value") ?? ""]));
  }
  const written = headerValue(mail, "x-ses-message-tags")?.split(/[,;]/) ?? [];
  const pairs = written.map((one) => one.trim()).filter((one) => one !== "");
  return Object.fromEntries(pairs.map((pair) => [nameOf(pair), pair.slice(nameOf(pair).length + 1).trim()]));
}

/**
 * Names and values of tags: letters, digits, `_` and `-`, at most 256 (SES API, MessageTag).
 * @throws AwsError InvalidParameterValue
 */
export function requireTags(tags: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(tags)) {
    requireTagText("name", name);
    requireTagText("value", value);
  }
}

function requireTagText(what: "name" | "value", given: string): void {
  if (/^[A-Za-z0-9_-]{1,256}$/.test(given)) return;
  throw invalidValue(
    `Invalid tag ${what} <${given}>: only alphanumeric ASCII characters, '_', and '-' are allowed.`,
  );
}

function nameOf(pair: string): string {
  return pair.split("=", 1)[0] ?? "";
}
