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

/**
 * The first instant at which the clock on the wall of a time zone says so. Of a time that is left out when the clocks go
 * forward it is the instant at which the clock of before would say it.
 */
export function instantOf(day: string, minutes: number, timeZone: string): Date {
  const asUtc = Date.parse(`${day}T00:00:00Z`) + minutes * 60_000;
  // Offsets of the day before and of the day after; between them the clocks change at most once.
  const instants = [-86_400_000, 86_400_000].map(
    (shift) => asUtc - offsetAt(new Date(asUtc + shift), timeZone),
  );
  const said = instants.filter((instant) => instant + offsetAt(new Date(instant), timeZone) === asUtc);
  return new Date(said.length > 0 ? Math.min(...said) : (instants[0] ?? asUtc));
}

/** How far a zone's clocks are ahead of UTC, in milliseconds. */
function offsetAt(instant: Date, timeZone: string): number {
  const { day, minutes } = localTimeOf(instant, timeZone);
  const minute = Math.floor(instant.getTime() / 60_000) * 60_000;
  return Date.parse(`${day}T00:00:00Z`) + minutes * 60_000 - minute;
}
