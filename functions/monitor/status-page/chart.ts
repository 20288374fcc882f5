import { shortDay, type Zone } from "./calendar.ts";
import { type Html, html } from "./html.ts";
import type { CheckView, HourView } from "./status-view.ts";
import { timeTag } from "./time-tag.ts";
import { responseWords } from "./words.ts";

const HEIGHT = 50;

/** Response times of the last hours: the average as a line, the slowest dotted, with a scale in ms or s. */
export function renderChart({ title, hours }: Pick<CheckView, "title" | "hours">, zone: Zone): Html {
  const [first, last] = [hours[0], hours.at(-1)];
  const slowest = highest(hours.map((hour) => hour.slowest));
  if (first === undefined || last === undefined || slowest === 0) return html``;
  const top = scaleTop(slowest);
  const words = responseSummary(hours);
  const segmentsOf = (of: "average" | "slowest") =>
    segments(
      hours.map((hour) => hour[of]),
      top,
    );
  const path = (name: string, of: "average" | "slowest", draw: (segment: Segment) => string) =>
    html`<path class="${name}" d="${segmentsOf(of).map(draw).join("")}"/>`;
  const width = hours.length - 1;
  const moment = (at: string) => `${shortDay(zone.day(new Date(at)))}, ${zone.time(new Date(at))}`;
  return html`<figure>
<figcaption class="soft">Response time ${words}</figcaption>
<div class="plot"><div class="scale" aria-hidden="true"><span>${responseWords(top)}</span><span>${responseWords(top / 2)}</span><span>0</span></div>
<svg class="lines" viewBox="0 0 ${width} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${title}: response time in the last ${hours.length} hours, usually ${words}"><path class="grid" d="M0 0H${width}M0 ${HEIGHT / 2}H${width}M0 ${HEIGHT}H${width}"/>${path("ground", "slowest", groundOf)}${path("slowest", "slowest", lineOf)}${path("average", "average", lineOf)}</svg>
<p class="ends">${timeTag(first.startsAt, moment(first.startsAt))}${timeTag(last.startsAt, moment(last.startsAt))}</p></div>
</figure>`;
}

/** "45 ms, slowest 310 ms": the median of the hours' averages, which one bad hour does not move. */
export function responseSummary(hours: readonly HourView[]): string {
  const averages = hours.flatMap(({ average }) => average ?? []).sort((one, other) => one - other);
  const median = averages[Math.floor(averages.length / 2)] ?? 0;
  return `${responseWords(median)}, slowest ${responseWords(highest(hours.map(({ slowest }) => slowest)))}`;
}

/** The least of 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, … that is no less. */
export function scaleTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.5, 2, 3, 4, 5, 6, 8].find((one) => one * power >= value) ?? 10;
  return Number((step * power).toPrecision(2));
}

interface Segment {
  readonly from: number;
  readonly points: readonly string[];
}

/** Hours in a row that have a value. What lies between two segments is a gap. */
function segments(values: readonly (number | null)[], top: number): Segment[] {
  const found: { from: number; points: string[] }[] = [];
  for (const [x, value] of values.entries()) {
    if (value === null) continue;
    const point = `${x} ${Number((HEIGHT - (value / top) * HEIGHT).toFixed(1))}`;
    const last = found.at(-1);
    if (last !== undefined && last.from + last.points.length === x) last.points.push(point);
    else found.push({ from: x, points: [point] });
  }
  return found;
}

/** An hour between two gaps is a dot. */
function lineOf({ points }: Segment): string {
  return points.length === 1 ? `M${points[0]}h0` : `M${points.join("L")}`;
}

/** The ground below a segment. */
function groundOf({ from, points }: Segment): string {
  return `M${from} ${HEIGHT}L${points.join("L")}V${HEIGHT}z`;
}

function highest(values: readonly (number | null)[]): number {
  return values.reduce<number>((most, one) => Math.max(most, one ?? 0), 0);
}
