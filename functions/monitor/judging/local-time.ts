/** What the clock on the wall says somewhere. */
export interface LocalTime {
  readonly day: string; // "2026-11-27"
  /** Since midnight. */
  readonly minutes: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What the clock on the wall of a time zone says at an instant. */
export function localTimeOf(instant: Date, timeZone: string): LocalTime {
  const parts = formatOf(timeZone).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? "";
  return {
    day: `${part("year")}-${part("month")}-${part("day")}`,
    minutes: Number(part("hour")) * 60 + Number(part("minute")),
  };
}

/** To make one takes a hundred times as long as to use it. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const twoDigits = { month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" } as const;
  const made = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "numeric",
    ...twoDigits,
    hourCycle: "h23",
  });
  formats.set(timeZone, made);
  return made;
}

/** The day so many days later. */
export function addLocalDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
