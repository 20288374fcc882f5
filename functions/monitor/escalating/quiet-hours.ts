import type { Contact } from "#fleet";
import { localTimeOf } from "../judging/local-time.ts";
import { minutesOf } from "../judging/maintenance.ts";

const DAY_MINUTES = 24 * 60;

/** Minutes until a contact's quiet hours are over; 0 outside of them. They may go beyond midnight. */
export function quietMinutesLeft({ quiet }: Contact, timeZone: string, now: Date): number {
  if (quiet === undefined) return 0;
  const { minutes } = localTimeOf(now, quiet.timeZone ?? timeZone);
  const [from, to] = [minutesOf(quiet.from), minutesOf(quiet.to)];
  const isQuiet = from <= to ? minutes >= from && minutes < to : minutes >= from || minutes < to;
  return isQuiet ? (to - minutes + DAY_MINUTES) % DAY_MINUTES : 0;
}
