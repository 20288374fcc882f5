import { shortDay, type Zone } from "./calendar.ts";
import { type Html, html } from "./html.ts";

/** An instant in words, and in the form that machines read. */
export function timeTag(at: string, words: string): Html {
  return html`<time datetime="${at.replace(".000Z", "Z")}">${words}</time>`;
}

/** "03:02" when it is of the day that is spoken of, "26 Nov, 23:50" when it is not. */
export function momentTag(at: string, zone: Zone, spokenOf: string): Html {
  const instant = new Date(at);
  const day = zone.day(instant);
  const time = zone.time(instant);
  return timeTag(at, day === spokenOf ? time : `${shortDay(day)}, ${time}`);
}
