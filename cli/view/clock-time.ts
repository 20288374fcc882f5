/** Times of day in a time zone: "21:05". */
export function clockTime(timeZone: string): (instant: Date) => string {
  return formatter(timeZone, { hour: "2-digit", minute: "2-digit" });
}

/** To the second: "21:05:07". */
export function exactTime(timeZone: string): (instant: Date) => string {
  return formatter(timeZone, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

/** Days: "2026-11-27". */
export function dayIn(timeZone: string): (instant: Date) => string {
  return formatter(timeZone, { year: "numeric", month: "2-digit", day: "2-digit" });
}

/** Sweden writes days and times as ISO 8601 does. */
function formatter(timeZone: string, parts: Intl.DateTimeFormatOptions): (instant: Date) => string {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, ...parts });
  return (instant) => format.format(instant);
}

/** Day and time: "2026-11-27 21:05". */
export function dayAndTime(timeZone: string): (instant: Date) => string {
  const [day, time] = [dayIn(timeZone), clockTime(timeZone)];
  return (instant) => `${day(instant)} ${time(instant)}`;
}

/** Times beside another one: without the day if it is the same there, and with what the zone is called: "07:02 EST". */
export function timeBeside(now: Date, timeZone: string): (instant: Date) => string {
  const [day, time] = [dayIn(timeZone), clockTime(timeZone)];
  return (instant) => {
    const before = day(instant) === day(now) ? "" : `${day(instant)} `;
    return `${before}${time(instant)} ${zoneName(instant, timeZone)}`;
  };
}

/** "EST", or "GMT+5:45" where nobody has made a name that is known in English. */
function zoneName(instant: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "short" }).formatToParts(instant);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? timeZone;
}
