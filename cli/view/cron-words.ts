const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  "January", "February", "March", "April", "May", "June",
  "July", "August", "September", "October", "November", "December",
]; // biome-ignore format: a calendar

/**
 * A cron expression of EventBridge Scheduler in words (Scheduler user guide, "Cron-based schedules": minutes, hours,
 * day of month, month, day of week with Sunday = 1, year): "every Sunday at 04:00 UTC". Undefined for what is better
 * read as it stands.
 */
export function cronInWords(cron: string, timeZone: string): string | undefined {
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year, ...more] = cron.trim().split(/\s+/);
  if (year !== "*" || more.length > 0 || minutes === undefined || hours === undefined) return undefined;
  const day = dayInWords(dayOfMonth ?? "", month ?? "", dayOfWeek ?? "");
  if (day === undefined) return undefined;
  const within = day === "every day" ? "" : ` ${day}`;
  const step = /^(?:\d+|\*)\/(\d+)$/.exec(minutes)?.[1]; // in which minute it begins says little
  if (hours === "*" && (minutes === "*" || step !== undefined)) {
    return step === undefined ? `every minute${within}` : `every ${step} minutes${within}`;
  }
  if (hours === "*" && isNumber(minutes)) return `every hour at minute ${minutes}${within}`;
  if (!isNumber(minutes) || !hours.split(",").every(isNumber)) return undefined;
  const times = hours.split(",").map((hour) => `${hour.padStart(2, "0")}:${minutes.padStart(2, "0")}`);
  return `${day} at ${sequence(times)} ${timeZone}`;
}

function dayInWords(dayOfMonth: string, month: string, dayOfWeek: string): string | undefined {
  const months = month === "*" ? undefined : names(month, MONTHS, 1);
  if (month !== "*" && months === undefined) return undefined;
  const ofMonth = months === undefined ? "of every month" : `of ${months}`;
  const anyDay = dayOfMonth === "*" || dayOfMonth === "?";
  const anyWeekday = dayOfWeek === "*" || dayOfWeek === "?";
  if (anyDay && anyWeekday) return months === undefined ? "every day" : `every day ${ofMonth}`;
  if (!anyDay && anyWeekday) {
    if (dayOfMonth === "L") return `on the last day ${ofMonth}`;
    return dayOfMonth.split(",").every(isNumber)
      ? `on day ${sequence(dayOfMonth.split(","))} ${ofMonth}`
      : undefined;
  }
  const weekdays = names(dayOfWeek, WEEKDAYS, 1);
  if (weekdays === undefined || !anyDay) return undefined;
  return months === undefined ? `every ${weekdays}` : `every ${weekdays} ${ofMonth}`;
}

/** "MON-FRI", "1,3" or "SUN" in full words; numbers count from `base`. */
function names(field: string, words: readonly string[], base: number): string | undefined {
  const parts = field.split(",").map((part) => {
    const ends = part.split("-").map((end) => name(end, words, base));
    return ends.includes(undefined) || ends.length > 2 ? undefined : ends.join(" to ");
  });
  return parts.includes(undefined) ? undefined : sequence(parts.map(String));
}

function name(text: string, words: readonly string[], base: number): string | undefined {
  if (isNumber(text)) return words[Number(text) - base];
  return text.length === 3
    ? words.find((word) => word.slice(0, 3).toUpperCase() === text.toUpperCase())
    : undefined;
}

function sequence(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(text);
}
