import type { StatusView } from "../../../../functions/monitor/status-page/status-view.ts";
import { statusViewOf } from "../../../../functions/monitor/status-page/view-of-board.ts";
import type { Monitor } from "../../../../layers/fleet/monitor.ts";
import { NOW, SLOT, sampleBoard, sampleDays, sampleIncident, sampleMonitor } from "./sample-monitor.ts";

const HOSTILE = `</title><script>alert(1)</script>"'&`;

const PAST = [
  sampleIncident(),
  sampleIncident({ number: 11, check: "mail", openedAt: new Date("2026-11-20T02:50:00Z") }),
  sampleIncident({
    number: 10,
    check: "backup",
    openedAt: new Date("2026-11-11T07:40:00Z"),
    recoveredAt: new Date("2026-11-11T09:55:00Z"),
  }),
];

/** All well, with a past. */
export function allWell(): StatusView {
  const monitor = sampleMonitor();
  return statusViewOf(monitor, sampleBoard(monitor), sampleDays(monitor), PAST, NOW);
}

/** One incident is open, one check depends on that, another is being worked on, one failed just now. */
export function oneIncident(): StatusView {
  const monitor = sampleMonitor({
    maintenance: [
      { every: "THU", at: "18:00", minutes: 60, checks: ["backup"] },
      { on: "2026-12-01", at: "22:00", minutes: 30 },
    ],
  });
  const since = "2026-11-27T02:02:00.000Z";
  const bad = { phase: "alarm", since, failures: 18, successes: 0 } as const;
  const board = sampleBoard(monitor, {
    web: { ...bad, incident: 12 },
    mail: { ...bad, phase: "failing", silence: "parent" },
    backup: { silence: "maintenance" },
    names: { phase: "failing", since: SLOT, failures: 1, successes: 0 },
    billing: { isFlapping: true, phase: "alarm" },
  });
  const acknowledgement = {
    by: "colin",
    via: "sms",
    at: new Date("2026-11-27T02:06:00Z"),
    until: new Date("2026-11-27T06:06:00Z"),
    proof: "SM1",
  } as const;
  const open = sampleIncident({
    number: 13,
    openedAt: new Date("2026-11-27T02:05:00Z"),
    recoveredAt: undefined,
    acknowledgements: [acknowledgement],
  });
  return statusViewOf(monitor, board, sampleDays(monitor), [...PAST, open], NOW);
}

/** Titles that would be something else in HTML, and one that has no place to break. */
export function hostileTitles(): StatusView {
  const monitor = sampleMonitor({
    statusPage: { title: HOSTILE },
    checks: {
      one: { kind: "tcp", title: "<img src=x onerror=alert(1)>", address: "a.example.org:1" },
      two: { kind: "tcp", title: "W".repeat(40), address: "a.example.org:2" },
      three: { kind: "tcp", title: "\u202eright to left ü ✓ \u0007", address: "a.example.org:3" },
    },
  });
  const board = sampleBoard(monitor, { two: { phase: "alarm" } });
  const open = sampleIncident({ check: "two", recoveredAt: undefined });
  return statusViewOf(monitor, board, sampleDays(monitor), [sampleIncident({ check: "one" }), open], NOW);
}

/** A fleet of 20. */
export function twentyChecks(): StatusView {
  const monitor = twentyMonitor();
  return statusViewOf(monitor, sampleBoard(monitor), sampleDays(monitor), [], NOW);
}

/** Before the first run. */
export function noResults(): StatusView {
  const monitor = sampleMonitor();
  const board = { ...sampleBoard(monitor), slot: undefined, checks: {}, hour: undefined, results: {} };
  return statusViewOf(monitor, board, [], [], NOW);
}

/** The monitor stood still for half an hour. */
export function outOfDate(): StatusView {
  const monitor = sampleMonitor();
  const later = new Date(NOW.getTime() + 30 * 60_000);
  return statusViewOf(monitor, sampleBoard(monitor), sampleDays(monitor), PAST, later);
}

function twentyMonitor(): Monitor {
  const checks = Array.from({ length: 20 }, (_, index) => [
    `check-${index + 1}`,
    { kind: "http", title: `Web server number ${index + 1}`, url: `https://w${index}.example.org/` },
  ]);
  return sampleMonitor({ checks: Object.fromEntries(checks) });
}
