/** Text that is HTML already. Everything else is escaped when it is put into some. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | undefined | readonly Html[];

/**
 * HTML with values in it, as a template: html`<p>${title}</p>`. Values are escaped, for text and for attributes in
 * double quotes alike, unless they are Html; nothing becomes of undefined.
 */
export function html(texts: TemplateStringsArray, ...values: readonly Part[]): Html {
  const parts = values.map((value, index) => `${textOf(value)}${texts[index + 1]}`);
  return new Html(`${texts[0]}${parts.join("")}`);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in a document
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g;

/** They turn the direction of what follows (Unicode UAX 9, 2): a title may not mirror the sentence around it. */
const DIRECTIONS = /[\u202a-\u202e\u2066-\u2069]/g;

/** Text in which no character means anything to HTML, SVG or XML. Control characters are left out: XML forbids them. */
export function escapeText(text: string): string {
  return text
    .replaceAll(CONTROLS, "")
    .replaceAll(DIRECTIONS, "")
    .toWellFormed()
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

function textOf(value: Part): string {
  if (value === undefined) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "object") return value.map(({ text }) => text).join("");
  return escapeText(String(value));
}
