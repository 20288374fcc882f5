import { durationWords, shortDay } from "./calendar.ts";
import { type Html, html } from "./html.ts";
import type { CheckView, DayView } from "./status-view.ts";
import { percentage } from "./words.ts";

/** How a day looks: a bar, one with a dot above, a higher one, half a bar, a dot. */
export type BarKind = "good" | "some" | "much" | "planned" | "none";

/** Below this part of good results a day is much, and not some, of a failure. */
const MUCH = 0.99;

/** What a day's bar shows. */
export function barKind({ uptime, plannedMinutes }: DayView): BarKind {
  if (uptime === null) return plannedMinutes > 0 ? "planned" : "none";
  if (uptime === 1) return "good";
  return uptime >= MUCH ? "some" : "much";
}

/** From top to bottom, 32 high. That each kind has a shape of its own is for those who see no difference in colour. */
const STROKES: Readonly<Record<BarKind, string>> = {
  good: "10v18",
  some: "3v0m0 7v18",
  much: "3v25",
  planned: "19v9",
  none: "28v0",
};

/** Most days are good, and the page is small because they need no class. */
const CLASSES: Readonly<Record<BarKind, Html>> = {
  good: html``,
  some: html` class="w"`,
  much: html` class="b"`,
  planned: html` class="p"`,
  none: html` class="n"`,
};

/** 90 days as bars. Each says in words what it shows: to a pointer, and to those who listen. */
export function renderBars({ title, days }: Pick<CheckView, "title" | "days">): Html {
  return html`<svg class="bars" viewBox="0 0 ${days.length} 32" preserveAspectRatio="none" role="group" aria-label="${title}: day by day">${days.map(
    (day, index) => bar(day, `${index}.5`),
  )}</svg>`;
}

/** A bar of that kind by itself, 8 by 32: for the key. */
export function sampleBar(kind: BarKind): Html {
  return html`<svg class="bars" viewBox="0 0 8 32" aria-hidden="true">${stroke(kind, "4")}</svg>`;
}

function bar(day: DayView, x: string): Html {
  return stroke(barKind(day), x, html`<title>${shortDay(day.day)}: ${dayWords(day)}</title>`);
}

function stroke(kind: BarKind, x: string, title?: Html): Html {
  return html`<path${CLASSES[kind]} d="M${x} ${STROKES[kind]}">${title}</path>`;
}

/** "100 %", "98.61 %, not working for about 20 minutes". Minutes are only said where there are some. */
export function dayWords(day: DayView): string {
  const about = (minutes: number) => `about ${durationWords(minutes * 60_000)}`;
  const { uptime, badMinutes, plannedMinutes, missingMinutes } = day;
  const parts = [
    ...(uptime === null ? [] : [percentage(uptime)]),
    ...(badMinutes === 0 ? [] : [`not working for ${about(badMinutes)}`]),
    ...(plannedMinutes === 0 ? [] : [`${about(plannedMinutes)} not counted`]),
    ...(missingMinutes < 5 ? [] : [`not measured for ${about(missingMinutes)}`]),
  ];
  return parts.length === 0 ? "no results" : parts.join(", ");
}

/** What stands below the bars: "99.98 % uptime". */
export function uptimeWords({ uptime }: Pick<CheckView, "uptime">): string {
  return uptime === null ? "no results yet" : `${percentage(uptime)} uptime`;
}
