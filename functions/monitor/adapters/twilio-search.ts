import { z } from "#platform";
import type { TwilioCredentials } from "../telling/ports.ts";
import { look, type TwilioClient } from "./twilio-client.ts";

/** A message or a call as lists show it: the members that matter here. */
const Entry = z.object({
  sid: z.string(),
  to: z.string(),
  /** RFC 2822; absent only in what Twilio has not begun to handle. */
  date_created: z.string().nullish(),
  body: z.string().nullish(),
});
export type TwilioEntry = z.infer<typeof Entry>;

const Page = z.object({
  messages: z.array(Entry).optional(),
  calls: z.array(Entry).optional(),
  next_page_uri: z.string().nullish(),
});

/** Pages of one list that are turned at most: 1000 messages to one phone in a day are more than anybody reads. */
const MOST_PAGES = 20;

/**
 * What we sent to a phone since that instant. Asked in two ways, since Twilio filters by the day of sending
 * (`DateSent>=YYYY-MM-DD`, calls `StartTime>=…`, in GMT), which what still waits in its queue may not have yet:
 * by that filter, to the last page, and without it, the newest page.
 */
export async function sentTo(
  kind: "Messages" | "Calls",
  phone: string,
  since: Date,
  client: TwilioClient,
  credentials: TwilioCredentials,
): Promise<readonly TwilioEntry[]> {
  const filter = kind === "Messages" ? "DateSent>" : "StartTime>";
  const byDay = { To: phone, [filter]: since.toISOString().slice(0, 10), PageSize: "50" };
  const newest = { To: phone, PageSize: "50" };
  const entries = [
    ...(await list(kind, byDay, MOST_PAGES, client, credentials)),
    ...(await list(kind, newest, 1, client, credentials)),
  ];
  return entries.filter(
    ({ to, date_created: created }) =>
      to === phone && (created == null || new Date(created).getTime() >= since.getTime()),
  );
}

async function list(
  kind: "Messages" | "Calls",
  query: Readonly<Record<string, string>>,
  mostPages: number,
  client: TwilioClient,
  credentials: TwilioCredentials,
): Promise<readonly TwilioEntry[]> {
  const entries: TwilioEntry[] = [];
  let path: string | null | undefined = `/${kind}.json?${new URLSearchParams(query)}`;
  for (let page = 0; path != null && page < mostPages; page += 1) {
    const { messages, calls, next_page_uri: next } = Page.parse(await look(client, credentials, path));
    entries.push(...(messages ?? calls ?? []));
    path = next;
  }
  return entries;
}
