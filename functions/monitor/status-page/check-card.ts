import { renderBars, uptimeWords } from "./bars.ts";
import type { Zone } from "./calendar.ts";
import { renderChart } from "./chart.ts";
import { type Html, html } from "./html.ts";
import type { CheckView } from "./status-view.ts";
import { icon, LOOKS } from "./symbols.ts";
import { momentTag } from "./time-tag.ts";

/** A check: what it is called, how it stands and since when, its 90 days, its response times. */
export function renderCheck(check: CheckView, zone: Zone, today: string): Html {
  const { title, standing, words, since, days } = check;
  const look = LOOKS[standing];
  return html`<li class="card check"><div>
<div class="top"><h3>${title}</h3><p class="line"><span class="state ${look}">${icon(look)}${words}</span>${
    since === null ? undefined : html`<span class="soft">since ${momentTag(since, zone, today)}</span>`
  }</p></div>
${renderBars(check)}
<p class="ends"><span>${days.length} days ago</span><strong>${uptimeWords(check)}</strong><span>today</span></p>
</div>${renderChart(check, zone)}</li>
`;
}
