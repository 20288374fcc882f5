import type { MaintenanceWindow, Monitor } from "#fleet";

const DAYS: Readonly<Record<string, string>> = {
  day: "day",
  MON: "Monday",
  TUE: "Tuesday",
  WED: "Wednesday",
  THU: "Thursday",
  FRI: "Friday",
  SAT: "Saturday",
  SUN: "Sunday",
};

/**
 * The maintenance windows that are to come, a sentence each: "Every Sunday at 22:00, for 60 minutes: Mail". Windows of
 * checks that nobody sees are left out, and so are past days.
 * @param today  in the monitor's time zone, as are the windows
 * @param titles  of the public checks, by name
 */
export function plannedWork(
  { maintenance }: Pick<Monitor, "maintenance">,
  titles: ReadonlyMap<string, string>,
  today: string,
  dayWords: (day: string) => string,
): string[] {
  const sentence = ({ every, on, at, minutes, checks }: MaintenanceWindow) => {
    if (on !== undefined && on < today) return [];
    const affected = checks?.flatMap((name) => titles.get(name) ?? []);
    if (affected?.length === 0) return [];
    const when = on === undefined ? `Every ${DAYS[every ?? "day"]}` : dayWords(on);
    return [`${when} at ${at}, for ${minutes} minutes: ${affected?.join(", ") ?? "all systems"}`];
  };
  return maintenance.flatMap(sentence);
}
