import { describe, expect, it } from "@jest/globals";
import { barKind, dayWords } from "../../../../functions/monitor/status-page/bars.ts";
import {
  daysUpTo,
  durationWords,
  longDay,
  shortDay,
  zoneOf,
} from "../../../../functions/monitor/status-page/calendar.ts";
import { responseSummary, scaleTop } from "../../../../functions/monitor/status-page/chart.ts";
import type { OverallStanding, Standing } from "../../../../functions/monitor/status-page/status-view.ts";
import {
  headlineOf,
  percentage,
  responseWords,
  whatHappened,
} from "../../../../functions/monitor/status-page/words.ts";

/** Numbers and their units are held together by a space that does not break; here it is written as any other. */
const plain = (text: string) => text.replaceAll("\u00a0", " ");

const MINUTE = 60_000;

describe("durations", () => {
  it.each([
    [0, "less than a minute"],
    [-5 * MINUTE, "less than a minute"],
    [29_999, "less than a minute"],
    [30_000, "1 minute"],
    [18 * MINUTE, "18 minutes"],
    [60 * MINUTE, "1 hour"],
    [125 * MINUTE, "2 hours 5 minutes"],
    [24 * 60 * MINUTE, "1 day"],
    [(3 * 1440 + 245) * MINUTE, "3 days 4 hours"],
    [1439.6 * MINUTE, "1 day"],
    [(1440 + 1410) * MINUTE, "2 days"],
  ])("%d ms are %s", (milliseconds, words) => {
    expect(durationWords(milliseconds)).toBe(words);
  });
});

describe("percentages", () => {
  it.each([
    [1, "100 %", "what never failed"],
    [0.999999, "99.99 %", "what failed once is never 100 %"],
    [0.9987, "99.87 %", "binary fractions do not take a digit away"],
    [0.5, "50.00 %", "two digits, so that they can be compared"],
    [0, "0.00 %", "what never worked"],
  ])("%d is %s: %s", (fraction, words) => {
    expect(plain(percentage(fraction))).toBe(words);
  });

  it.each([
    [0, "0 ms"],
    [44.5, "45 ms"],
    [999.4, "999 ms"],
    [999.6, "1 s"],
    [1250, "1.3 s"],
    [10_000, "10 s"],
  ])("%d ms are %s", (milliseconds, words) => {
    expect(plain(responseWords(milliseconds))).toBe(words);
  });
});

describe("time zones", () => {
  const at = new Date("2026-11-27T02:05:00Z");
  it.each([
    ["UTC", "2026-11-27", "02:05", "UTC"],
    ["America/New_York", "2026-11-26", "21:05", "America/New York (UTC−05:00)"],
    ["Asia/Kolkata", "2026-11-27", "07:35", "Asia/Kolkata (UTC+05:30)"],
    ["Pacific/Kiritimati", "2026-11-27", "16:05", "Pacific/Kiritimati (UTC+14:00)"],
  ])("%s", (name, day, time, words) => {
    const zone = zoneOf(name);
    expect([zone.day(at), zone.time(at), zone.words(at)]).toEqual([day, time, words]);
  });

  it("say midnight as 00:00, and summer as summer", () => {
    expect(zoneOf("UTC").time(new Date("2026-11-27T00:00:00Z"))).toBe("00:00");
    expect(zoneOf("America/New_York").words(new Date("2026-07-01T00:00:00Z"))).toContain("−04:00");
  });

  it("name days in our own words, whatever the data of the machine", () => {
    expect([longDay("2026-11-27"), shortDay("2026-09-01")]).toEqual(["Friday 27 November", "1 Sep"]);
    expect(daysUpTo("2026-03-01", 3)).toEqual(["2026-02-27", "2026-02-28", "2026-03-01"]);
  });
});

describe("the headline", () => {
  const none = { down: 0, dependent: 0, unsteady: 0, planned: 0, doubtful: 0, unknown: 0, working: 0 };
  const rows: [OverallStanding, Partial<Record<Standing, number>>, string, string][] = [
    ["working", { working: 12 }, "02:41", "All systems are working"],
    ["working", { working: 1 }, "02:41", "The system is working"],
    ["down", { working: 11, down: 1 }, "02:41", "1 of 12 systems is not working"],
    ["down", { working: 9, down: 1, dependent: 2 }, "02:41", "3 of 12 systems are not working"],
    ["dependent", { working: 1, dependent: 1 }, "02:41", "1 of 2 systems is not working"],
    ["down", { down: 12 }, "02:41", "None of the 12 systems is working"],
    ["down", { down: 1 }, "02:41", "The system is not working"],
    ["unsteady", { working: 2, unsteady: 1 }, "02:41", "1 of 3 systems is working on and off"],
    ["unsteady", { unsteady: 1 }, "02:41", "The system comes and goes"],
    ["planned", { working: 2, planned: 1 }, "02:41", "Planned work is under way"],
    ["doubtful", { working: 2, doubtful: 1 }, "02:41", "The last try failed for 1 of 3 systems"],
    ["impaired", { unknown: 3 }, "02:41", "The monitor itself is impaired"],
    ["unknown", { unknown: 3 }, "", "There are no results yet"],
    ["unknown", { unknown: 3 }, "02:41", "There are no results yet"],
    ["unknown", {}, "02:41", "There is nothing to show"],
    ["stale", { working: 3 }, "02:41", "No results since 02:41: this page is out of date"],
  ];
  it.each(rows)("%s, of %j, last at %j: %s", (standing, tally, last, headline) => {
    expect(headlineOf(standing, { ...none, ...tally }, last)).toBe(headline);
  });
});

describe("what happened, by kind", () => {
  it.each([
    ["failing", "http", "The web page did not answer as it should"],
    ["failing", "heartbeat", "A regular job did not report in time"],
    ["flapping", "http", "It worked at some times and not at others"],
    ["impaired", undefined, "The monitor itself could not measure what it watches"],
  ] as const)("%s of %s", (cause, kind, words) => {
    expect(whatHappened(cause, kind)).toBe(words);
  });
});

describe("a day", () => {
  const day = (change: object) => ({
    day: "2026-11-27",
    uptime: 1,
    badMinutes: 0,
    plannedMinutes: 0,
    missingMinutes: 0,
    ...change,
  });
  it.each([
    [{}, "good", "100 %"],
    [{ uptime: 0.9931, badMinutes: 10 }, "some", "99.31 %, not working for about 10 minutes"],
    [{ uptime: 0.5, badMinutes: 720 }, "much", "50.00 %, not working for about 12 hours"],
    [{ uptime: 0.99, badMinutes: 14 }, "some", "99.00 %, not working for about 14 minutes"],
    [{ uptime: 0.9899, badMinutes: 15 }, "much", "98.99 %, not working for about 15 minutes"],
    [{ plannedMinutes: 60 }, "good", "100 %, about 1 hour not counted"],
    [{ uptime: null, plannedMinutes: 60 }, "planned", "about 1 hour not counted"],
    [{ missingMinutes: 90 }, "good", "100 %, not measured for about 1 hour 30 minutes"],
    [{ missingMinutes: 4 }, "good", "100 %"], // a late run is no news
    [{ uptime: null }, "none", "no results"],
    [{ uptime: null, missingMinutes: 1440 }, "none", "not measured for about 1 day"],
  ])("%j is %s: %s", (change, kind, words) => {
    expect([barKind(day(change)), plain(dayWords(day(change)))]).toEqual([kind, words]);
  });
});

describe("response times", () => {
  it.each([
    [1, 1],
    [9.1, 10],
    [101, 150],
    [345, 400],
    [596, 600],
    [601, 800],
    [10_000, 10_000],
    [0.7, 0.8],
  ])("%d fits below %d", (value, top) => {
    expect(scaleTop(value)).toBe(top);
  });

  it("are summed up by the median, which one bad hour does not move", () => {
    const hours = [10, 12, null, 9000].map((average) => ({ startsAt: "", average, slowest: average }));
    expect(plain(responseSummary(hours))).toBe("12 ms, slowest 9 s");
  });
});
