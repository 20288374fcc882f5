import { z } from "#platform";

const DAY_MILLISECONDS = 86_400_000;

/** A day of UTC, "2026-11-22". The accounting knows no other time zone. */
export type Day = `${number}-${number}-${number}`;
/** A month, "2026-11". */
export type Month = `${number}-${number}`;

/** A day as text, checked: 2026-02-29 is none. */
export const DayText = z
  .string()
  .refine((text) => isDay(text), "a day like 2026-11-22")
  .transform((text) => text as Day);

/** The day of an instant. */
export function dayOf(instant: Date): Day {
  return instant.toISOString().slice(0, 10) as Day;
}

/** The day that is `count` days later, or earlier. */
export function addDays(day: Day, count: number): Day {
  return dayOf(new Date(Date.parse(day) + count * DAY_MILLISECONDS));
}

/** How many days after `earlier` a day is. */
export function daysBetween(earlier: Day, later: Day): number {
  return (Date.parse(later) - Date.parse(earlier)) / DAY_MILLISECONDS;
}

/** The month of a day. */
export function monthOf(day: Day): Month {
  return day.slice(0, 7) as Month;
}

/** How many days a month has, 28 to 31. */
export function daysIn(month: Month): number {
  const [year = 0, number = 0] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number, 0)).getUTCDate();
}

function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(day.getTime()) && dayOf(day) === text;
}
