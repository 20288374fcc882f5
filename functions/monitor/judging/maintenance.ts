import type { MaintenanceWindow } from "#fleet";
import { addLocalDays, instantOf, localTimeOf } from "./local-time.ts";

const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/**
 * Whether a check is in planned maintenance. Windows begin by the wall clock of the owner's time zone, so that "Sunday at
 * four" stays that when the clocks change, and last so many minutes whatever that clock does meanwhile; a window that lasts
 * beyond midnight ends on the next day.
 */
export function inMaintenance(
  check: string,
  windows: readonly MaintenanceWindow[],
  timeZone: string,
  now: Date,
): boolean {
  const own = windows.filter(({ checks }) => checks === undefined || checks.includes(check));
  if (own.length === 0) return false;
  const { day: today } = localTimeOf(now, timeZone);
  // None lasts longer than a day, which on the wall may be an hour more.
  const days = [-2, -1, 0].map((shift) => addLocalDays(today, shift));
  return own.some((window) =>
    days.some((day) => beginsOn(window, day) && covers(window, day, timeZone, now)),
  );
}

function covers({ at, minutes }: MaintenanceWindow, day: string, timeZone: string, now: Date): boolean {
  const since = now.getTime() - instantOf(day, minutesOf(at), timeZone).getTime();
  return since >= 0 && since < minutes * 60_000;
}

function beginsOn({ every, on }: MaintenanceWindow, day: string): boolean {
  if (on !== undefined) return on === day;
  return every === "day" || every === WEEKDAYS[new Date(`${day}T00:00:00Z`).getUTCDay()];
}

/** Minutes since midnight of "22:30". */
export function minutesOf(timeOfDay: string): number {
  const [hours = 0, minutes = 0] = timeOfDay.split(":").map(Number);
  return hours * 60 + minutes;
}
