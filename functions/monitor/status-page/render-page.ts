import { type BarKind, sampleBar } from "./bars.ts";
import { type Zone, zoneOf } from "./calendar.ts";
import { renderCheck } from "./check-card.ts";
import { Html, html } from "./html.ts";
import { renderOpenIncidents, renderPastIncidents } from "./incident-list.ts";
import type { StatusView } from "./status-view.ts";
import { STYLE, STYLE_HASH } from "./style.ts";
import { icon, LOOKS, SYMBOLS, tabIcon } from "./symbols.ts";
import { momentTag } from "./time-tag.ts";

/** Nothing is fetched and nothing runs: the one style sheet is named by its hash, the tab's icon is in its own address. */
const POLICY = `default-src 'none'; style-src '${STYLE_HASH}'; img-src data:; base-uri 'none'; form-action 'none'`;

/**
 * The status page: one document that needs nothing else. The same view gives the same bytes. Of 20 checks with 90 days it
 * has about 160 KB, and about 13 KB as gzip.
 */
export function renderStatusPage(view: StatusView): string {
  const zone = zoneOf(view.timeZone);
  const today = zone.day(new Date(view.madeAt));
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta http-equiv="refresh" content="60">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${view.headline} – ${view.title}</title>
<link rel="icon" href="${tabIcon(LOOKS[view.standing])}">
<style>${new Html(STYLE)}</style>
</head>
<body>
${SYMBOLS}
<header><h1>${view.title}</h1></header>
<main>
${renderHeadline(view, zone, today)}
${renderOpenIncidents(view, zone)}${renderPlannedWork(view)}<section aria-labelledby="systems"><h2 id="systems">Systems</h2>
<ul class="cards">
${view.checks.map((check) => renderCheck(check, zone, today))}</ul>
${KEY}
</section>
${renderPastIncidents(view, zone)}</main>
${renderFooter(view, zone, today)}
</body>
</html>
`.text;
}

function renderHeadline({ standing, headline, measuredAt }: StatusView, zone: Zone, today: string): Html {
  const look = LOOKS[standing];
  return html`<div class="now ${look}"><h2>${icon(look)}<span>${headline}</span></h2>
<p>${
    measuredAt === null
      ? "Nothing was measured yet."
      : html`Last measured at ${momentTag(measuredAt, zone, today)}, ${zone.words(new Date(measuredAt))}.`
  }</p></div>`;
}

function renderPlannedWork({ plannedWork }: StatusView): Html {
  if (plannedWork.length === 0) return html``;
  return html`<section aria-labelledby="planned"><h2 id="planned">Planned work</h2>
<ul class="card work">${plannedWork.map((one) => html`<li>${one}</li>`)}</ul></section>
`;
}

const KEY_WORDS: readonly (readonly [BarKind, string])[] = [
  ["good", "a day without failure"],
  ["some", "less than 1 % failures"],
  ["much", "1 % or more"],
  ["planned", "planned work only"],
  ["none", "no results"],
];

const KEY: Html = html`<ul class="key" aria-label="Key">${KEY_WORDS.map(
  ([kind, words]) => html`<li>${sampleBar(kind)}${words}</li>`,
)}<li><svg class="line" viewBox="0 0 24 8" aria-hidden="true"><path class="average" d="M1 4h22"/></svg>average response of an hour</li><li><svg class="line" viewBox="0 0 24 8" aria-hidden="true"><path class="slowest" d="M1 4h22"/></svg>the slowest</li></ul>`;

/** A page that nobody renews cannot say so; so it says when it was made, and what that should be. */
function renderFooter({ madeAt }: StatusView, zone: Zone, today: string): Html {
  return html`<footer class="soft"><p>This page was made at ${momentTag(madeAt, zone, today)} and is made anew every five minutes, and whenever something changes. If that was more than ten minutes ago, the monitor has stopped.</p>
<p>All times are those of ${zone.words(new Date(madeAt))}. Planned work does not count in percentages.</p></footer>`;
}
