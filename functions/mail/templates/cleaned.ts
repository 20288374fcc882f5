/** Of one text. A link may have as many (notice.ts). */
const CHARACTERS = 2000;

/** What cannot be seen, or changes how its neighbours are shown: controls, marks of direction, joiners, lone surrogates. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]/gu;

/** Blocks whose letters run from right to left (Unicode 16, DerivedBidiClass.txt, defaults R and AL). */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** First strong isolate and pop directional isolate (UAX #9, 2.4): what stands between them moves nothing outside. */
const [ISOLATE, END_OF_ISOLATE] = ["\u2068", "\u2069"];

/**
 * Facts whose texts are what they look like, whoever chose them: each is one line without invisible characters, and
 * none can turn the words around it. A template then need not think of it.
 */
export function cleaned<Facts>(facts: Facts): Facts {
  return cleanedValue(facts) as Facts;
}

function cleanedValue(value: unknown): unknown {
  if (typeof value === "string") return cleanedText(value);
  if (Array.isArray(value)) return value.map(cleanedValue);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, cleanedValue(member)]));
}

/** Invisible characters become U+FFFD rather than nothing, since two names that differ must look different. */
function cleanedText(text: string): string {
  const line = text.replaceAll(/\s+/gu, " ").trim().replaceAll(UNSEEN, "\ufffd");
  const characters = [...line];
  const short = characters.length > CHARACTERS ? `${characters.slice(0, CHARACTERS - 1).join("")}…` : line;
  if (short === "") return "(blank)";
  return RIGHT_TO_LEFT.test(short) ? `${ISOLATE}${short}${END_OF_ISOLATE}` : short;
}
