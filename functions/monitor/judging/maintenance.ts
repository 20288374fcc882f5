import type { MaintenanceWindow } from "#fleet";
import { addLocalDays, type LocalTime, localTimeOf } from "./local-time.ts";

const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const DAY_MINUTES = 24 * 60;

/**
 * Whether a check is in planned maintenance. Windows are in the owner's time zone and by its wall clock, so that "Sunday
 * at four" stays that when the clocks change; a window that lasts beyond midnight ends on the next day.
 */
export function inMaintenance(
  check: string,
  windows: readonly MaintenanceWindow[],
  timeZone: string,
  now: Date,
): boolean {
  const own = windows.filter(({ checks }) => checks === undefined || checks.includes(check));
  if (own.length === 0) return false;
  const local = localTimeOf(now, timeZone);
  return own.some((window) => covers(window, local));
}

function covers(window: MaintenanceWindow, now: LocalTime): boolean {
  const begins = minutesOf(window.at);
  const sinceToday = now.minutes - begins;
  const yesterday = addLocalDays(now.day, -1);
  return (
    (beginsOn(window, now.day) && sinceToday >= 0 && sinceToday < window.minutes) ||
    (beginsOn(window, yesterday) && sinceToday + DAY_MINUTES < window.minutes)
  );
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
