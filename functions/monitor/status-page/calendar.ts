const DAY_MILLISECONDS = 86_400_000;

const MONTHS = [
  ...["January", "February", "March", "April", "May", "June"],
  ...["July", "August", "September", "October", "November", "December"],
];
const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** How a time zone tells the time. Words are our own: what Intl writes changes with the version of its data. */
export interface Zone {
  readonly name: string;
  /** "2026-11-27" */
  day(instant: Date): string;
  /** "03:02" */
  time(instant: Date): string;
  /** What it is called, and how far from UTC it then is: "America/New York (UTC−05:00)", or "UTC". */
  words(instant: Date): string;
}

/**
 * The time zone of that name (IANA).
 * @throws RangeError when there is none; the fleet was checked for that
 */
export function zoneOf(name: string): Zone {
  const two = "2-digit";
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: name,
    hourCycle: "h23",
    year: "numeric",
    month: two,
    day: two,
    hour: two,
    minute: two,
    timeZoneName: "longOffset",
  });
  const partsOf = (instant: Date) =>
    Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  return {
    name,
    day: (instant) => {
      const { year, month, day } = partsOf(instant);
      return `${year}-${month}-${day}`;
    },
    time: (instant) => {
      const { hour, minute } = partsOf(instant);
      return `${hour}:${minute}`;
    },
    words: (instant) => {
      if (name === "UTC") return name;
      const offset = (partsOf(instant).timeZoneName ?? "").replace("GMT", "UTC").replace("-", "−");
      return `${name.replaceAll("_", " ")} (${offset})`;
    },
  };
}

/** The `count` days up to one, in order. */
export function daysUpTo(day: string, count: number): string[] {
  const last = Date.parse(`${day}T00:00:00Z`);
  return Array.from({ length: count }, (_, index) =>
    new Date(last - (count - 1 - index) * DAY_MILLISECONDS).toISOString().slice(0, 10),
  );
}

/** "27 Nov" of "2026-11-27". */
export function shortDay(day: string): string {
  return `${Number(day.slice(8))} ${monthOf(day).slice(0, 3)}`;
}

/** "Friday 27 November" of "2026-11-27". */
export function longDay(day: string): string {
  return `${WEEKDAYS[new Date(`${day}T00:00:00Z`).getUTCDay()]} ${Number(day.slice(8))} ${monthOf(day)}`;
}

/** A duration in words, its two largest units: "18 minutes", "2 hours 5 minutes", "3 days". */
export function durationWords(milliseconds: number): string {
  const minutes = Math.round(Math.max(0, milliseconds) / 60_000);
  if (minutes < 1) return "less than a minute";
  if (minutes < 60) return counted(minutes, "minute");
  if (minutes < 1440) return two(Math.floor(minutes / 60), "hour", minutes % 60, "minute");
  const hours = Math.round(minutes / 60);
  return two(Math.floor(hours / 24), "day", hours % 24, "hour");
}

/** "1 minute", "2 minutes". */
export function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

function two(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return counted(large, largeUnit) + (small === 0 ? "" : ` ${counted(small, smallUnit)}`);
}

function monthOf(day: string): string {
  return MONTHS[Number(day.slice(5, 7)) - 1] ?? "";
}
