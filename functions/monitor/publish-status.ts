import type { Monitor } from "#fleet";
import type { BoardStore, IncidentBook } from "./ports.ts";
import type { History, StatusShelf } from "./status-page/ports.ts";
import { statusFiles } from "./status-page/status-files.ts";
import { statusViewOf } from "./status-page/view-of-board.ts";

/** Days that the page shows, and one more, since its days need not be UTC's. */
const DAYS = 91;
const DAY_MILLISECONDS = 86_400_000;

/** Incidents that are looked through for those of the last 30 days. */
const NEWEST_INCIDENTS = 100;

/** What publishing stands on. */
export interface PublishingDesk {
  readonly monitor: Monitor;
  readonly board: Pick<BoardStore, "read">;
  readonly history: Pick<History, "days">;
  readonly incidents: Pick<IncidentBook, "newest">;
  readonly shelf: StatusShelf;
}

/**
 * Writes the status page as things stand.
 * @param what  "everything": with a badge for each check. S3 bills each write, and 20 badges a minute would cost more than
 *   the whole monitor; badges say how a check stands, which changes with transitions only, so between them the page alone
 *   will do
 */
export async function publishStatus(
  now: Date,
  what: "page" | "everything",
  { monitor, board, history, incidents, shelf }: PublishingDesk,
): Promise<{ readonly files: number }> {
  const first = new Date(now.getTime() - DAYS * DAY_MILLISECONDS);
  const [standing, days, newest] = await Promise.all([
    board.read(),
    history.days(dayOf(first), dayOf(now)),
    incidents.newest(NEWEST_INCIDENTS),
  ]);
  const files = statusFiles(statusViewOf(monitor, standing, days, newest, now));
  const wanted = files.filter(({ name }) => what === "everything" || !name.startsWith("badges/"));
  for (const { name, text } of wanted) await shelf.put(name, text);
  return { files: wanted.length };
}

function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}
