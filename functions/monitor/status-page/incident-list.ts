import { durationWords, longDay, type Zone } from "./calendar.ts";
import { type Html, html } from "./html.ts";
import type { IncidentView, StatusView } from "./status-view.ts";
import { momentTag } from "./time-tag.ts";

/** What is wrong now, if anything is. */
export function renderOpenIncidents({ openIncidents, madeAt }: StatusView, zone: Zone): Html {
  if (openIncidents.length === 0) return html``;
  const today = zone.day(new Date(madeAt));
  const card = ({
    title,
    what,
    openedAt,
    isAcknowledged,
  }: IncidentView) => html`<li class="card incident bad">
<h3>${title}</h3>
<p>${what} since ${momentTag(openedAt, zone, today)} (${lasted(openedAt, madeAt)}).</p>
<p class="soft">${isAcknowledged ? "Somebody is working on it." : "Somebody is being told."}</p>
</li>`;
  return html`<section aria-labelledby="open"><h2 id="open">What is wrong now</h2>
<ul class="cards">${openIncidents.map(card)}</ul></section>
`;
}

/** What was wrong in the last 30 days, by the day on which it began. */
export function renderPastIncidents({ pastIncidents }: StatusView, zone: Zone): Html {
  const byDay = Map.groupBy(pastIncidents, ({ openedAt }) => zone.day(new Date(openedAt)));
  const line = ({ title, what, openedAt, recoveredAt }: IncidentView, day: string) => {
    const end = recoveredAt ?? openedAt;
    return html`<li><strong>${title}</strong><p>${what} from ${momentTag(openedAt, zone, day)} to ${momentTag(end, zone, day)} (${lasted(openedAt, end)}).</p></li>`;
  };
  const days = [...byDay].map(
    ([day, incidents]) => html`<div class="card day"><h3><time datetime="${day}">${longDay(day)}</time></h3>
<ul>${incidents.map((one) => line(one, day))}</ul></div>`,
  );
  return html`<section aria-labelledby="past"><h2 id="past">The last 30 days</h2>
${days.length === 0 ? html`<p class="soft">There was no incident.</p>` : days}</section>
`;
}

function lasted(from: string, to: string): string {
  return durationWords(Date.parse(to) - Date.parse(from));
}
