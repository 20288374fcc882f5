import { describe, expect, it } from "@jest/globals";
import { type CheckState, MONITOR } from "../../../../functions/monitor/board.ts";
import type { Incident } from "../../../../functions/monitor/incident.ts";
import { statusViewOf } from "../../../../functions/monitor/status-page/view-of-board.ts";
import {
  NOW,
  SLOT,
  sampleBoard,
  sampleDays,
  sampleIncident,
  sampleMonitor,
  sampleState,
} from "../fakes/sample-monitor.ts";

const MONITOR_OF_TWO = sampleMonitor({
  timeZone: "UTC",
  checks: {
    web: { kind: "http", title: "Web site", url: "https://example.org/" },
    mail: { kind: "smtp", address: "example.org:587" },
    secret: { kind: "tcp", title: "Secret", address: "10.0.0.1:22", public: false },
  },
});

function view(states: Readonly<Record<string, Partial<CheckState>>>, now = NOW, incidents: Incident[] = []) {
  return statusViewOf(MONITOR_OF_TWO, sampleBoard(MONITOR_OF_TWO, states), [], incidents, now);
}

const BAD = { phase: "alarm", failures: 5, successes: 0 } as const;

describe("how a check stands", () => {
  const rows: { why: string; state: Partial<CheckState>; standing: string }[] = [
    { why: "good", state: {}, standing: "working" },
    { why: "one failure is no alarm", state: { ...BAD, phase: "failing" }, standing: "doubtful" },
    { why: "an alarm", state: BAD, standing: "down" },
    {
      why: "its parent fails",
      state: { ...BAD, phase: "failing", silence: "parent" },
      standing: "dependent",
    },
    { why: "its parent fails, it does not", state: { silence: "parent" }, standing: "working" },
    {
      why: "planned work, in which it fails",
      state: { ...BAD, silence: "maintenance" },
      standing: "planned",
    },
    { why: "planned work, in which it still works", state: { silence: "maintenance" }, standing: "planned" },
    {
      why: "an impaired monitor's word is none",
      state: { ...BAD, silence: "impaired" },
      standing: "unknown",
    },
    { why: "an impaired monitor that reached it", state: { silence: "impaired" }, standing: "working" },
    { why: "it comes and goes, and came", state: { isFlapping: true }, standing: "unsteady" },
    { why: "it comes and goes, and went", state: { ...BAD, isFlapping: true }, standing: "unsteady" },
  ];
  it.each(rows)("$why: $standing", ({ state, standing }) => {
    const [web] = view({ web: state }).checks;
    const since = standing === "planned" ? null : (state.since ?? sampleState().since); // the work's beginning is not known
    expect([web?.standing, web?.since]).toEqual([standing, since]);
  });

  it("is not known before its first result, and then the whole is what the others are", () => {
    const board = sampleBoard(MONITOR_OF_TWO);
    const { mail } = board.checks;
    const shown = statusViewOf(
      MONITOR_OF_TWO,
      { ...board, checks: mail === undefined ? {} : { mail } },
      [],
      [],
      NOW,
    );
    expect(shown.checks.map(({ standing, since }) => [standing, since])).toEqual([
      ["unknown", null],
      ["working", sampleState().since],
    ]);
    expect(shown.standing).toBe("working");
  });
});

describe("the whole", () => {
  const rows: { why: string; states: Record<string, Partial<CheckState>>; headline: string }[] = [
    { why: "all is well", states: {}, headline: "All systems are working" },
    {
      why: "the gravest is told",
      states: { web: BAD, mail: { silence: "maintenance" } },
      headline: "1 of 2 systems is not working",
    },
    { why: "what nobody sees says nothing", states: { secret: BAD }, headline: "All systems are working" },
    {
      why: "the monitor's own alarm",
      states: { [MONITOR]: BAD, web: BAD },
      headline: "The monitor itself is impaired",
    },
    {
      why: "silence for an impaired monitor",
      states: { secret: { ...BAD, silence: "impaired" } },
      headline: "The monitor itself is impaired",
    },
  ];
  it.each(rows)("$why: $headline", ({ states, headline }) => {
    const board = sampleBoard(MONITOR_OF_TWO, states);
    const own = MONITOR in states ? { [MONITOR]: sampleState(states[MONITOR]) } : {};
    const shown = statusViewOf(
      MONITOR_OF_TWO,
      { ...board, checks: { ...board.checks, ...own } },
      [],
      [],
      NOW,
    );
    expect(shown.headline).toBe(headline);
  });

  it.each([
    ["2026-11-27T02:23:00.000Z", "working", "All systems are working"],
    ["2026-11-27T02:23:00.001Z", "stale", "No results since 02:20: this page is out of date"],
    ["2026-11-28T02:20:00.000Z", "stale", "No results since 27 Nov, 02:20: this page is out of date"],
  ])("at %s, after results of 02:20, is %s", (now, standing, headline) => {
    const shown = view({}, new Date(now));
    expect([shown.standing, shown.headline]).toEqual([standing, headline]);
  });

  it("of a fleet that shows nothing is not known, and no alarm of what it hides", () => {
    const hidden = { one: { kind: "tcp", address: "10.0.0.1:22", public: false } };
    const monitor = sampleMonitor({ checks: hidden });
    const shown = statusViewOf(monitor, sampleBoard(monitor, { one: BAD }), [], [], NOW);
    expect([shown.standing, shown.headline]).toEqual(["unknown", "There is nothing to show"]);
  });

  it("that is out of date says of no check that it works, nor that it does not", () => {
    const late = new Date("2026-11-27T02:24:00Z");
    const { checks } = view({ mail: BAD }, late);
    expect(checks.map(({ standing, words, since }) => [standing, words, since])).toEqual([
      ["unknown", "Not known", SLOT],
      ["unknown", "Not known", SLOT],
    ]);
  });

  it("of a board without a run has no results, and everything else that a page needs", () => {
    const board = {
      ...sampleBoard(MONITOR_OF_TWO),
      slot: undefined,
      checks: {},
      hour: undefined,
      results: {},
    };
    const shown = statusViewOf(MONITOR_OF_TWO, board, [], [], NOW);
    expect([shown.standing, shown.headline, shown.measuredAt]).toEqual([
      "unknown",
      "There are no results yet",
      null,
    ]);
    expect(shown.checks.map(({ uptime, days, hours }) => [uptime, days.length, hours.length])).toEqual([
      [null, 90, 0],
      [null, 90, 0],
    ]);
  });
});

describe("days and hours", () => {
  const today = (shown: ReturnType<typeof view>) => shown.checks[0]?.days.at(-1);

  it("have the hour under way in them", () => {
    const board = { ...sampleBoard(MONITOR_OF_TWO), results: { web: "18g10 19f3 20g30" } };
    const { checks } = statusViewOf(MONITOR_OF_TWO, board, [], [], NOW);
    expect([checks[0]?.uptime, checks[0]?.days.at(-1)?.badMinutes]).toEqual([2 / 3, 1]);
    expect(checks[0]?.hours.at(-1)).toEqual({
      startsAt: "2026-11-27T02:00:00.000Z",
      average: 20,
      slowest: 30,
    });
    expect(checks[1]?.uptime).toBeNull();
  });

  it("have an hour in them that is over and not shelved yet, once", () => {
    const effect = { kind: "shelve", hour: "2026-11-27T01", results: { web: "0f1 1f1" } } as const;
    const board = { ...sampleBoard(MONITOR_OF_TWO), pending: [effect], results: { web: "0g1 1g1" } };
    const days = [
      {
        day: "2026-11-27",
        hours: {
          "01": {
            web: {
              runs: 2,
              failed: 2,
              timedOut: 0,
              excused: 0,
              totalMilliseconds: 0,
              slowestMilliseconds: 0,
            },
          },
        },
      },
    ];
    for (const known of [[], days])
      expect(today(statusViewOf(MONITOR_OF_TWO, board, known, [], NOW))).toMatchObject({
        uptime: 0.5,
        badMinutes: 2,
      });
  });

  it("are the zone's days: what failed at 02:00 UTC failed yesterday in New York", () => {
    const there = sampleMonitor();
    const { checks } = statusViewOf(there, { ...sampleBoard(there), results: { web: "0f1" } }, [], [], NOW);
    expect(checks[0]?.days.at(-1)).toMatchObject({ day: "2026-11-26", badMinutes: 1 });
  });

  it("are 90 and 48, whatever there is of them, and no hours of what takes no time", () => {
    const monitor = sampleMonitor();
    const { checks } = statusViewOf(monitor, sampleBoard(monitor), sampleDays(monitor), [], NOW);
    expect(checks.map(({ days }) => days.length)).toEqual([90, 90, 90, 90, 90, 90]);
    expect(checks.map(({ hours }) => hours.length)).toEqual([48, 48, 48, 48, 48, 0]);
  });
});

describe("incidents", () => {
  const day = (daysAgo: number) => new Date(NOW.getTime() - daysAgo * 86_400_000);

  it("are open or past, the newest first; past ones for 30 days after their end", () => {
    const incidents = [
      sampleIncident({ number: 1, openedAt: day(40), recoveredAt: day(30.1) }),
      sampleIncident({ number: 2, openedAt: day(40), recoveredAt: day(29.9) }),
      sampleIncident({ number: 3, openedAt: day(3), recoveredAt: day(2) }),
      sampleIncident({ number: 4, openedAt: day(50), recoveredAt: undefined }),
      sampleIncident({ number: 5, openedAt: day(1), recoveredAt: undefined }),
    ];
    const { openIncidents, pastIncidents } = view({}, NOW, incidents);
    expect(openIncidents.map(({ openedAt }) => openedAt)).toEqual(
      [day(1), day(50)].map((at) => at.toISOString()),
    );
    expect(pastIncidents.map(({ openedAt }) => openedAt)).toEqual(
      [day(3), day(40)].map((at) => at.toISOString()),
    );
  });

  it("are those of public checks and of the monitor itself", () => {
    const about = ["secret", "web", "gone", "constructor", MONITOR].map((check, number) =>
      sampleIncident({ check, number, cause: check === MONITOR ? "impaired" : "failing" }),
    );
    expect(view({}, NOW, about).pastIncidents.map(({ title, what }) => `${title}: ${what}`)).toEqual([
      "Monitoring: The monitor itself could not measure what it watches",
      "Web site: The web page did not answer as it should",
    ]);
  });

  it.each([
    ["nobody", undefined, false],
    ["somebody, until later", "2026-11-27T06:00:00Z", true],
    ["somebody, until a minute ago", "2026-11-27T02:19:00Z", false],
  ])("that %s has", (_who, until, isAcknowledged) => {
    const acknowledgements =
      until === undefined
        ? []
        : [{ by: "colin", via: "cli", at: day(0.1), until: new Date(until), proof: "x" } as const];
    const incident = sampleIncident({ recoveredAt: undefined, acknowledgements });
    expect(view({}, NOW, [incident]).openIncidents[0]?.isAcknowledged).toBe(isAcknowledged);
  });
});

describe("planned work", () => {
  it("is said in a sentence each, but for past days and for what nobody sees", () => {
    const monitor = sampleMonitor({
      maintenance: [
        { every: "SUN", at: "22:00", minutes: 60, checks: ["web", "secret"] },
        { every: "day", at: "04:00", minutes: 10 },
        { on: "2026-11-26", at: "23:00", minutes: 5 }, // today, in New York
        { on: "2026-11-25", at: "23:00", minutes: 5 },
        { every: "MON", at: "01:00", minutes: 5, checks: ["secret"] },
      ],
    });
    expect(statusViewOf(monitor, sampleBoard(monitor), [], [], NOW).plannedWork).toEqual([
      "Every Sunday at 22:00, for 60 minutes: Web site",
      "Every day at 04:00, for 10 minutes: all systems",
      "Thursday 26 November at 23:00, for 5 minutes: all systems",
    ]);
  });
});

describe("slugs", () => {
  it("are made of titles, and no two are the same", () => {
    const titles = ["Web site", "Web  Site!", "Ünïcode", "✓", "✓✓"];
    const checks = titles.map((title, index) => [
      `c${index}`,
      { kind: "tcp", title, address: "a.example.org:1" },
    ]);
    const monitor = sampleMonitor({ checks: Object.fromEntries(checks) });
    const { checks: shown } = statusViewOf(monitor, sampleBoard(monitor), [], [], NOW);
    expect(shown.map(({ slug }) => slug)).toEqual(["web-site", "web-site-2", "unicode", "check", "check-2"]);
  });
});

it("the last run is told as it was", () => {
  expect(view({}).measuredAt).toBe(SLOT);
});
