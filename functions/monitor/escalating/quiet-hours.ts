import type { Contact } from "#fleet";
import { localTimeOf } from "../judging/local-time.ts";
import { minutesOf } from "../judging/maintenance.ts";

const DAY_MINUTES = 24 * 60;

/**
 * Minutes until a contact's quiet hours are over; 0 outside of them. They may go beyond midnight, and the clocks may change
 * in them: nobody is woken an hour late for that.
 */
export function quietMinutesLeft({ quiet }: Contact, timeZone: string, now: Date): number {
  if (quiet === undefined) return 0;
  const zone = quiet.timeZone ?? timeZone;
  const { minutes } = localTimeOf(now, zone);
  const [from, to] = [minutesOf(quiet.from), minutesOf(quiet.to)];
  const isQuiet = from <= to ? minutes >= from && minutes < to : minutes >= from || minutes < to;
  if (!isQuiet) return 0;
  const left = (to - minutes + DAY_MINUTES) % DAY_MINUTES;
  const atEnd = localTimeOf(new Date(now.getTime() + left * 60_000), zone).minutes;
  return Math.max(1, left - clockChange(atEnd - to));
}

/** By how much a clock is ahead of where it should be, across midnight or not: -720 to 719. */
function clockChange(minutes: number): number {
  return ((minutes + 1.5 * DAY_MINUTES) % DAY_MINUTES) - DAY_MINUTES / 2;
}
