import type { Monitor } from "#fleet";
import { type Board, type HourOfResults, MONITOR } from "../board.ts";
import type { DaySummary, HourSummary } from "../history.ts";
import { acknowledgedNow, type Incident } from "../incident.ts";
import { summarise } from "../results.ts";
import { longDay, shortDay, type Zone, zoneOf } from "./calendar.ts";
import { checkViews, publicTitles } from "./check-views.ts";
import { plannedWork } from "./planned-work.ts";
import { gravestOf, tallyOf } from "./standing.ts";
import type { CheckView, IncidentView, OverallStanding, StatusView } from "./status-view.ts";
import { headlineOf, STANDING_WORDS, whatHappened } from "./words.ts";

/** A run each minute: after this, results have stopped coming. */
export const STALE_AFTER_MILLISECONDS = 3 * 60_000;

const PAST_MILLISECONDS = 30 * 86_400_000;

/**
 * What the status page says now.
 * @param days  90 days of history and one more, since the page's days need not be UTC's
 * @param incidents  open ones, and those of the last 30 days
 * @throws MalformedResultsError
 */
export function statusViewOf(
  monitor: Monitor,
  board: Board,
  days: readonly DaySummary[],
  incidents: readonly Incident[],
  now: Date,
): StatusView {
  const zone = zoneOf(monitor.timeZone);
  const measuredAt = board.slot === undefined ? undefined : new Date(board.slot);
  const measured = checkViews(monitor, board, withRecentHours(days, board), zone, measuredAt ?? now);
  const standing = overallOf(board, measured, measuredAt, now);
  const checks = standing === "stale" ? measured.map((check) => unknownSince(check, measuredAt)) : measured;
  const shown = incidentViews(monitor, incidents, now);
  return {
    title: monitor.statusPage.title,
    timeZone: monitor.timeZone,
    madeAt: now.toISOString(),
    measuredAt: measuredAt?.toISOString() ?? null,
    standing,
    headline: headlineOf(
      standing,
      tallyOf(checks.map((one) => one.standing)),
      lastTime(zone, measuredAt, now),
    ),
    checks,
    openIncidents: shown.filter(({ recoveredAt }) => recoveredAt === null),
    pastIncidents: shown.filter(({ recoveredAt }) => recoveredAt !== null),
    plannedWork: plannedWork(monitor, publicTitles(monitor), zone.day(now), longDay),
  };
}

function overallOf(
  board: Board,
  checks: readonly CheckView[],
  measuredAt: Date | undefined,
  now: Date,
): OverallStanding {
  if (measuredAt === undefined) return "unknown";
  if (now.getTime() - measuredAt.getTime() > STALE_AFTER_MILLISECONDS) return "stale";
  const isImpaired =
    board.checks[MONITOR]?.phase === "alarm" ||
    Object.values(board.checks).some(({ silence }) => silence === "impaired");
  return isImpaired ? "impaired" : gravestOf(checks.map(({ standing }) => standing));
}

/** Nobody has looked since: that it worked then must not stand there in green. */
function unknownSince(check: CheckView, measuredAt: Date | undefined): CheckView {
  const since = measuredAt?.toISOString() ?? null;
  return { ...check, standing: "unknown", words: STANDING_WORDS.unknown, since };
}

function lastTime(zone: Zone, measuredAt: Date | undefined, now: Date): string {
  if (measuredAt === undefined) return "";
  const day = zone.day(measuredAt);
  return day === zone.day(now) ? zone.time(measuredAt) : `${shortDay(day)}, ${zone.time(measuredAt)}`;
}

/** The newest first. Of checks that nobody sees nothing is said; of the monitor itself it is. */
function incidentViews(monitor: Monitor, incidents: readonly Incident[], now: Date): IncidentView[] {
  const titles = publicTitles(monitor).set(MONITOR, "Monitoring");
  const since = now.getTime() - PAST_MILLISECONDS;
  return incidents
    .filter(({ recoveredAt }) => recoveredAt === undefined || recoveredAt.getTime() >= since)
    .toSorted((one, other) => other.openedAt.getTime() - one.openedAt.getTime() || other.number - one.number)
    .flatMap((incident) => {
      const title = titles.get(incident.check);
      if (title === undefined) return [];
      return [
        {
          title,
          what: whatHappened(incident.cause, monitor.checks[incident.check]?.kind),
          openedAt: incident.since.toISOString(),
          recoveredAt: incident.recoveredAt?.toISOString() ?? null,
          isAcknowledged: acknowledgedNow(incident, now) !== undefined,
        },
      ];
    });
}

/** History with the hour under way in it, and with an hour that is over but not shelved yet. */
function withRecentHours(days: readonly DaySummary[], { hour, results, pending }: Board): DaySummary[] {
  const byDay = new Map(days.map(({ day, hours }) => [day, { ...hours }]));
  const put = (hour: string, results: HourOfResults) => {
    const summaries = Object.entries(results).map(([check, words]) => [check, summarise(words)]);
    const hours: Record<string, Record<string, HourSummary>> = { ...byDay.get(hour.slice(0, 10)) };
    byDay.set(hour.slice(0, 10), { ...hours, [hour.slice(11)]: Object.fromEntries(summaries) });
  };
  for (const effect of pending) if (effect.kind === "shelve") put(effect.hour, effect.results);
  if (hour !== undefined) put(hour, results);
  return [...byDay].map(([day, hours]) => ({ day, hours }));
}
