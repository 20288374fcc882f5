import { Html, html } from "./html.ts";
import type { OverallStanding } from "./status-view.ts";

/** What a standing looks like: five shapes, each with a colour of its own. */
export type Look = "good" | "warn" | "bad" | "plan" | "none";

/** The look of a standing. */
export const LOOKS: Readonly<Record<OverallStanding, Look>> = {
  working: "good",
  doubtful: "warn",
  unsteady: "warn",
  dependent: "bad",
  down: "bad",
  planned: "plan",
  unknown: "none",
  impaired: "none",
  stale: "none",
};

/** A tick in a disc, a triangle, a cross in an octagon, a pause in a square, a broken ring; 16 by 16. */
const SHAPES: Readonly<Record<Look, { readonly body: string; readonly cut: string }>> = {
  good: { body: "M8 0a8 8 0 1 1 0 16A8 8 0 1 1 8 0z", cut: "M4.6 8.3 7 10.7l4.5-5" },
  warn: { body: "M8 .8 16 15H0z", cut: "M8 6v4M8 12.5v.1" },
  bad: { body: "M4.7 0h6.6L16 4.7v6.6L11.3 16H4.7L0 11.3V4.7z", cut: "M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6" },
  plan: {
    body: "M3 0h10a3 3 0 0 1 3 3v10a3 3 0 0 1-3 3H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z",
    cut: "M6 5v6M10 5v6",
  },
  none: { body: "", cut: "" },
};

const RING = new Html('<circle class="ring" cx="8" cy="8" r="6.6"/>');

/** The shapes, to be used by `icon`. */
export const SYMBOLS: Html = html`<svg width="0" height="0" aria-hidden="true"><defs>${Object.entries(
  SHAPES,
).map(
  ([look, { body, cut }]) =>
    html`<symbol id="${look}" viewBox="0 0 16 16">${
      look === "none" ? RING : html`<path d="${body}"/><path class="cut" d="${cut}"/>`
    }</symbol>`,
)}</defs></svg>`;

/** A shape in the colour of the text around it. The words beside it say the same, so it is not read out. */
export function icon(look: Look): Html {
  return html`<svg class="icon" aria-hidden="true"><use href="#${look}"/></svg>`;
}

/** Colours that stand out from the tabs of light and dark browsers alike. */
const TAB_COLOURS: Readonly<Record<Look, string>> = {
  good: "#2e9a66",
  warn: "#cf8a10",
  bad: "#d94336",
  plan: "#4a86d4",
  none: "#868e96",
};

/** The shape for the browser's tab, as an address that holds it. */
export function tabIcon(look: Look): string {
  const colour = TAB_COLOURS[look];
  const { body, cut } = SHAPES[look];
  const shape =
    look === "none"
      ? `<circle cx="8" cy="8" r="6.6" fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="3.4 2.1"/>`
      : `<path fill="${colour}" d="${body}"/><path fill="none" stroke="#fff" stroke-width="1.9" d="${cut}"/>`;
  return `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">${shape}</svg>`,
  )}`;
}
