import type { DaySummary } from "../../../../functions/monitor/history.ts";
import { summarise } from "../../../../functions/monitor/results.ts";
import type { History, ShelvedHour } from "../../../../functions/monitor/status-page/ports.ts";

/** History in memory, which behaves as the one in DynamoDB does before anything expires. */
export function fakeHistory(): History {
  const shelved = new Map<string, ShelvedHour>();
  const between = (from: string, to: string) =>
    [...shelved.values()]
      .filter(({ hour }) => hour >= from && hour <= to)
      .sort((one, other) => (one.hour < other.hour ? -1 : 1));
  return {
    shelve: async (hour, results) => {
      for (const words of Object.values(results)) summarise(words);
      shelved.set(hour, { hour, results });
    },
    hours: async (from, to) => between(from, to),
    days: async (from, to) => {
      const byDay = Map.groupBy(between(from, `${to}T23`), ({ hour }) => hour.slice(0, 10));
      return [...byDay].map(
        ([day, hours]): DaySummary => ({
          day,
          hours: Object.fromEntries(
            hours.map(({ hour, results }) => [
              hour.slice(11),
              Object.fromEntries(Object.entries(results).map(([check, words]) => [check, summarise(words)])),
            ]),
          ),
        }),
      );
    },
  };
}
