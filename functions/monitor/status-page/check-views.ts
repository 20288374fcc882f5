import type { Check, Monitor } from "#fleet";
import type { Board } from "../board.ts";
import type { DaySummary } from "../history.ts";
import { type CheckDay, dailyUptime, hoursOf, responseHours, uptimeOf } from "../uptime.ts";
import { daysUpTo, type Zone } from "./calendar.ts";
import { standingOf } from "./standing.ts";
import type { CheckView, DayView, HourView } from "./status-view.ts";
import { STANDING_WORDS } from "./words.ts";

/** Bars of a check. */
export const DAYS_SHOWN = 90;

/** Hours of a chart. */
export const HOURS_SHOWN = 48;

/** The public checks by name, with what people call them, in the order of the fleet. */
export function publicTitles({ checks }: Pick<Monitor, "checks">): Map<string, string> {
  const shown = Object.entries(checks).filter(([, check]) => check.public);
  return new Map(shown.map(([name, { title }]) => [name, title ?? name]));
}

/**
 * What the page shows of each public check.
 * @param days  the summaries, this hour's among them
 * @param until  the monitor's last run
 */
export function checkViews(
  monitor: Pick<Monitor, "checks">,
  board: Board,
  days: readonly DaySummary[],
  zone: Zone,
  until: Date,
): CheckView[] {
  const calendar = { dayOf: rememberedDay(zone), days: daysUpTo(zone.day(until), DAYS_SHOWN) };
  const taken = new Set<string>();
  return [...publicTitles(monitor)].map(([name, title]) => {
    const state = Object.hasOwn(board.checks, name) ? board.checks[name] : undefined;
    const { everyMinutes } = monitor.checks[name] as Check;
    const hours = hoursOf(days, name);
    const uptimes = dailyUptime(hours, calendar, everyMinutes, until);
    const standing = standingOf(state);
    return {
      title,
      slug: slugOf(title, taken),
      standing,
      words: STANDING_WORDS[standing],
      since: state === undefined || standing === "planned" ? null : state.since,
      uptime: uptimeOf(uptimes) ?? null,
      days: uptimes.map((day) => dayView(day, everyMinutes)),
      hours: hourViews(responseHours(hours, until, HOURS_SHOWN)),
    };
  });
}

function dayView({ day, fraction, bad, excused, missing }: CheckDay, everyMinutes: number): DayView {
  return {
    day,
    uptime: fraction ?? null,
    badMinutes: bad * everyMinutes,
    plannedMinutes: excused * everyMinutes,
    missingMinutes: missing * everyMinutes,
  };
}

/** None of a check that takes no time: a job that reports in has no response time. */
function hourViews(hours: ReturnType<typeof responseHours>): HourView[] {
  if (!hours.some(({ slowestMilliseconds = 0 }) => slowestMilliseconds > 0)) return [];
  return hours.map(({ startsAt, averageMilliseconds, slowestMilliseconds }) => ({
    startsAt: startsAt.toISOString(),
    average: averageMilliseconds === undefined ? null : Math.round(averageMilliseconds * 10) / 10,
    slowest: slowestMilliseconds ?? null,
  }));
}

/** Asking Intl for 90 days of hours, for each check anew, would take most of the time that a page takes. */
function rememberedDay(zone: Zone): (instant: Date) => string {
  const known = new Map<number, string>();
  return (instant) => {
    const time = instant.getTime();
    const day = known.get(time) ?? zone.day(instant);
    known.set(time, day);
    return day;
  };
}

/** A name for an address, made of what people call it: "web-site", and "web-site-2" of the next with that title. */
function slugOf(title: string, taken: Set<string>): string {
  const plain = title
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  const base = plain === "" ? "check" : plain;
  let slug = base;
  for (let count = 2; taken.has(slug); count += 1) slug = `${base}-${count}`;
  taken.add(slug);
  return slug;
}
