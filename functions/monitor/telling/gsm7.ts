/**
 * The alphabet of SMS (3GPP TS 23.038, formerly GSM 03.38, 6.2.1). A text in it takes 7 bits a character; one character
 * outside of it makes the whole text UCS-2, and more than twice as dear.
 */
const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);

/** Characters of the extension table (6.2.1.1): an escape before each, so that it takes two septets. */
const EXTENSION = new Set("\f^{}\\[~]|€");

/** Characters that are written for others, because those are none of the alphabet. */
const WRITTEN_FOR: Readonly<Record<string, string>> = {
  "\u00a0": " ", // no-break space
  "\u00ab": '"',
  "\u00bb": '"',
  "\u00b7": "*",
  "\u00d7": "x",
  "\u2010": "-", // hyphen
  "\u2011": "-",
  "\u2012": "-",
  "\u2013": "-", // en dash
  "\u2014": "-", // em dash
  "\u2018": "'",
  "\u2019": "'",
  "\u201a": "'",
  "\u201c": '"',
  "\u201d": '"',
  "\u201e": '"',
  "\u2022": "*", // bullet
  "\u2026": "...",
  "\u202f": " ",
  "\u2192": "->",
  "\u2212": "-", // minus
  "\u2264": "<=",
  "\u2265": ">=",
  "\t": " ",
  "`": "'",
};

/** Septets of one segment, and of each of several, which begin with a header (TS 23.040, 9.2.3.24.1). */
const SEPTETS = { alone: 160, joined: 153 };
/** The same for UCS-2, in 16-bit units. */
const UNITS = { alone: 70, joined: 67 };

/** Septets that a text takes. Absent: it is not in the alphabet. */
export function septetsOf(text: string): number | undefined {
  const widths = [...text].map(septets);
  return widths.includes(0) ? undefined : widths.reduce((sum, width) => sum + width, 0);
}

/** Segments that a text is sent in, each of which is paid for. */
export function segmentsOf(text: string): number {
  const characters = [...text];
  const isGsm7 = septetsOf(text) !== undefined;
  const limit = isGsm7 ? SEPTETS : UNITS;
  const widths = characters.map((character) => (isGsm7 ? septets(character) : character.length));
  if (widths.reduce((sum, width) => sum + width, 0) <= limit.alone) return 1;
  let segments = 1;
  let used = 0;
  for (const width of widths) {
    // Neither an escape and its character nor a surrogate pair is torn apart.
    if (used + width > limit.joined) {
      segments += 1;
      used = 0;
    }
    used += width;
  }
  return segments;
}

/**
 * The same text in the alphabet of SMS: typographic characters become those of a typewriter, accents that the
 * alphabet does not know are dropped, and whatever is left becomes a question mark.
 */
export function toGsm7(text: string): string {
  return [...text.normalize("NFC")].map(inGsm7).join("");
}

/** As much of a text in the alphabet as fits into so many septets; what is cut off is marked by "...". */
export function cutToSeptets(text: string, limit: number): string {
  if ((septetsOf(text) ?? Number.POSITIVE_INFINITY) <= limit) return text;
  let kept = "";
  let used = 0;
  for (const character of text) {
    used += septets(character);
    if (used > limit - 3) break;
    kept += character;
  }
  return `${kept.trimEnd()}...`.slice(0, Math.max(0, limit));
}

/** One, two, or zero when it is not in the alphabet. */
function septets(character: string): number {
  if (BASIC.has(character)) return 1;
  return EXTENSION.has(character) ? 2 : 0;
}

function inGsm7(character: string): string {
  if (septets(character) > 0) return character;
  const written = WRITTEN_FOR[character];
  if (written !== undefined) return written;
  const bare = character.normalize("NFKD").replaceAll(/\p{Mark}/gu, "");
  return bare !== "" && [...bare].every((one) => septets(one) > 0) ? bare : "?";
}
