import type { CallRecord, MessageRecord } from "./records.ts";
import { RestError } from "./rest-error.ts";

const FILTERS = {
  Messages: ["To", "From", "DateSent", "DateSent<", "DateSent>"],
  Calls: ["To", "From", "Status", "ParentCallSid", "StartTime", "StartTime<", "StartTime>", "EndTime"],
};
const PAGING = ["PageSize", "Page", "PageToken"];

/**
 * One page of messages or calls, newest first. What has no date yet (it waits in the queue) is in no list that is asked
 * for by date.
 * @param path of the list, for the links to other pages
 * @throws RestError
 */
export function listPage<Entry extends MessageRecord | CallRecord>(
  kind: "Messages" | "Calls",
  entries: readonly Entry[],
  query: URLSearchParams,
  path: string,
  toJson: (entry: Entry) => object,
): object {
  for (const name of query.keys())
    if (![...FILTERS[kind], ...PAGING].includes(name))
      throw new RestError(20001, `the rehearsed Twilio knows no filter ${name}`);
  for (const [name, value] of query) if (/^(DateSent|StartTime|EndTime)/.test(name)) dayIn(value);
  const size = wholeNumber(query, "PageSize", 50, 1, 1000);
  const page = wholeNumber(query, "Page", 0, 0, 1_000_000);
  const found = entries.filter((entry) => isAsked(kind, entry, query)).toReversed();
  const shown = found.slice(page * size, (page + 1) * size);
  const linkTo = (number: number) => {
    const link = new URLSearchParams(query);
    link.set("PageSize", String(size));
    link.set("Page", String(number));
    if (number > 0) link.set("PageToken", `PA${shown.at(-1)?.sid ?? ""}`);
    return `${path}?${link}`;
  };
  return {
    end: page * size + shown.length - 1,
    first_page_uri: linkTo(0),
    next_page_uri: found.length > (page + 1) * size ? linkTo(page + 1) : null,
    page,
    page_size: size,
    previous_page_uri: page > 0 ? linkTo(page - 1) : null,
    start: page * size,
    uri: linkTo(page),
    [kind.toLowerCase()]: shown.map(toJson),
  };
}

function isAsked(
  kind: "Messages" | "Calls",
  entry: MessageRecord | CallRecord,
  query: URLSearchParams,
): boolean {
  const matches = (name: string, value: string) => (query.get(name) ?? value) === value;
  if (!matches("To", entry.to) || !matches("From", entry.from) || !matches("Status", entry.status))
    return false;
  const name = kind === "Messages" ? "DateSent" : "StartTime";
  const at = entry.kind === "sms" ? entry.sentAt : entry.startedAt;
  const [on, upTo, from] = [query.get(name), query.get(`${name}<`), query.get(`${name}>`)];
  if (on === null && upTo === null && from === null) return true;
  if (at === undefined) return false;
  const day = at.toISOString().slice(0, 10);
  return (
    (on === null || day === dayIn(on)) &&
    (upTo === null || day <= dayIn(upTo)) &&
    (from === null || day >= dayIn(from))
  );
}

/** Twilio documents days, in GMT; an instant is taken for its day. */
function dayIn(text: string): string {
  const day = /^\d{4}-\d\d-\d\d(?=$|T)/.exec(text)?.[0];
  if (day === undefined) throw new RestError(20001, `no date: ${text}`);
  return day;
}

function wholeNumber(
  query: URLSearchParams,
  name: string,
  otherwise: number,
  least: number,
  most: number,
): number {
  const value = Number(query.get(name) ?? otherwise);
  if (!Number.isInteger(value) || value < least || value > most)
    throw new RestError(20001, `${name} must be ${least} to ${most}`);
  return value;
}
