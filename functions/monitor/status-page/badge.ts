import { html } from "./html.ts";
import type { CheckView } from "./status-view.ts";
import { LOOKS, type Look } from "./symbols.ts";

/** White text on each of these has a contrast of 4.5 or more. */
const COLOURS: Readonly<Record<Look, string>> = {
  good: "#17744a",
  warn: "#855000",
  bad: "#b02318",
  plan: "#1d5cab",
  none: "#5d6670",
};

/** Of a character of Verdana at 11 px, about; `textLength` makes other fonts keep to it. */
const CHARACTER_WIDTH = 6.6;

const PADDING = 6;

/** A check's state as a small picture for other pages: an SVG document, 20 high, that is served as `badges/SLUG.svg`. */
export function badgeOf({ title, words, standing }: Pick<CheckView, "title" | "words" | "standing">): string {
  const [titleWidth, stateWidth] = [widthOf(title), widthOf(words)];
  const left = titleWidth + 2 * PADDING;
  const width = left + stateWidth + 2 * PADDING;
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" role="img" aria-label="${title}: ${words}">
<title>${title}: ${words}</title>
<path fill="#3c434a" d="M3 0h${left - 3}v20H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z"/>
<path fill="${COLOURS[LOOKS[standing]]}" d="M${left} 0h${width - left - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H${left}z"/>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
<text x="${PADDING}" y="14" textLength="${titleWidth}" lengthAdjust="spacingAndGlyphs">${title}</text>
<text x="${left + PADDING}" y="14" textLength="${stateWidth}" lengthAdjust="spacingAndGlyphs">${words}</text>
</g>
</svg>
`.text;
}

function widthOf(text: string): number {
  return Math.round([...text].length * CHARACTER_WIDTH);
}
