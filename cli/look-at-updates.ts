import type { HostRecord, ReleaseRecord } from "../functions/updates/records.ts";
import type { UpdatesBook } from "./deployed/updates-book.ts";
import { OperatorError } from "./operator-error.ts";

/** What the newest check found. */
export interface UpdatesLook {
  /** The check's instant: "2026-11-27T06:00:00.000Z". */
  readonly check: string;
  readonly hosts: readonly HostRecord[];
  readonly releases: readonly ReleaseRecord[];
}

/** A check each morning, and two hours for it: what is older was not followed by one. */
const FRESH_MILLISECONDS = 26 * 3_600_000;

/** Reads it. @throws OperatorError when no check has ended yet */
export async function lookAtUpdates(book: UpdatesBook, stage: string): Promise<UpdatesLook> {
  const { check } = await book.told();
  if (check === undefined)
    throw new OperatorError(
      "no check for updates has ended yet",
      `It runs every morning. To start one now: nightshift run updates-check --stage ${stage}`,
    );
  return { check, hosts: await all(book.hosts(check)), releases: await all(book.releases(check)) };
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** Whether a check should have followed by now. */
export function isOld({ check }: Pick<UpdatesLook, "check">, now: Date): boolean {
  return now.getTime() - Date.parse(check) > FRESH_MILLISECONDS;
}
