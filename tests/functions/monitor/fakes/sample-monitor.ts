import { type Board, type CheckState, EMPTY_BOARD } from "../../../../functions/monitor/board.ts";
import type { DaySummary, HourSummary } from "../../../../functions/monitor/history.ts";
import type { Incident, Told } from "../../../../functions/monitor/incident.ts";
import { type Monitor, MonitorSchema } from "../../../../layers/fleet/monitor.ts";

/** The minute at which the samples stand: 21:20 of the 26th in New York. */
export const NOW = new Date("2026-11-27T02:20:12.345Z");
export const SLOT = "2026-11-27T02:20:00.000Z";

const HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ5sE0H7H2Nq7m0vBqv1s2mX2J1cXl9QK5n8o0Wm3r4t";

/** A fleet's section `monitor` with defaults in it. What is given takes the place of the sample's. */
export function sampleMonitor(change: Readonly<Record<string, unknown>> = {}): Monitor {
  return MonitorSchema.parse({
    from: "+16045550100",
    timeZone: "America/New_York",
    contacts: { colin: { phone: "+16045550101" } },
    statusPage: { title: "Example Backup" },
    checks: {
      web: { kind: "http", title: "Web site", url: "https://www.internal-host.example.org/" },
      mail: {
        kind: "smtp",
        title: "Incoming mail",
        address: "mx-7.internal-host.example.org:587",
        parent: "web",
      },
      certificate: {
        kind: "tls",
        title: "Certificate",
        address: "www.internal-host.example.org:443",
        everyMinutes: 15,
      },
      names: { kind: "dns", title: "Name service", name: "internal-host.example.org" },
      backup: {
        kind: "backup",
        title: "Backup and restore",
        address: "10.20.30.40:8022",
        keyParameter: "/nightshift/pipes/SSH",
        hostKey: HOST_KEY,
        sshKeyParameter: "/nightshift/ssh/canary",
        everyMinutes: 5,
      },
      billing: { kind: "execution", title: "Nightly accounts", machine: "billing-nightly", withinHours: 26 },
      secret: { kind: "tcp", title: "Secret thing", address: "10.20.30.41:22", public: false },
    },
    ...change,
  });
}

/** A check's state, good for a fortnight unless something else is said. */
export function sampleState(change: Partial<CheckState> = {}): CheckState {
  return {
    phase: "good",
    since: "2026-11-13T11:20:00.000Z",
    failures: 0,
    successes: 900,
    changes: "0".repeat(20),
    isFlapping: false,
    silence: undefined,
    incident: undefined,
    last: { verdict: "GOOD", milliseconds: 45, reason: "200 OK from 10.20.30.40 in 45 ms", at: SLOT },
    ...change,
  };
}

/** A board on which all checks are good but for what is given. */
export function sampleBoard(
  monitor: Monitor,
  states: Readonly<Record<string, Partial<CheckState>>> = {},
): Board {
  const names = Object.keys(monitor.checks);
  const words = Array.from({ length: 21 }, (_, minute) => `${minute}g${40 + (minute % 7)}`).join(" ");
  return {
    ...EMPTY_BOARD,
    revision: 9000,
    slot: SLOT,
    nextIncident: 13,
    checks: Object.fromEntries(names.map((name) => [name, sampleState(states[name])])),
    hour: "2026-11-27T02",
    results: Object.fromEntries(
      names.map((name) => [name, ["billing"].includes(name) ? words.replaceAll(/g\d+/g, "g0") : words]),
    ),
  };
}

/** A step that was due when it was taken. */
export function sampleTold(
  step: number,
  contact: string,
  way: Told["way"],
  at: Date,
  outcome: Told["outcome"] = "sent",
): Told {
  return { step, contact, way, at, due: at, outcome };
}

/** An incident about the web site, which was open from 03:02 to 03:20 UTC unless something else is said. */
export function sampleIncident(change: Partial<Incident> = {}): Incident {
  return {
    number: 12,
    check: "web",
    cause: "failing",
    since: change.openedAt ?? new Date("2026-11-20T03:02:00Z"),
    openedAt: new Date("2026-11-20T03:02:00Z"),
    reason: "connection to 10.20.30.40 refused",
    isCritical: true,
    recoveredAt: new Date("2026-11-20T03:20:00Z"),
    acknowledgements: [],
    told: [sampleTold(1, "colin", "sms", new Date("2026-11-20T03:02:10Z"))],
    ...change,
  };
}

/** `count` days of the past with a life of their own: slow afternoons, some bad hours, a day on which nothing ran. */
export function sampleDays(monitor: Monitor, count = 90): DaySummary[] {
  const names = Object.keys(monitor.checks);
  return Array.from({ length: count }, (_, index) => {
    const daysAgo = count - 1 - index;
    const day = new Date(Date.parse("2026-11-27T00:00:00Z") - daysAgo * 86_400_000)
      .toISOString()
      .slice(0, 10);
    const hours = daysAgo === 0 ? 2 : daysAgo === 40 ? 0 : 24;
    return {
      day,
      hours: Object.fromEntries(
        Array.from({ length: hours }, (_, hour) => [
          String(hour).padStart(2, "0"),
          Object.fromEntries(names.map((name, at) => [name, hourOf(monitor, name, at, daysAgo, hour)])),
        ]),
      ),
    };
  });
}

function hourOf(monitor: Monitor, name: string, at: number, daysAgo: number, hour: number): HourSummary {
  const runs = 60 / (monitor.checks[name]?.everyMinutes ?? 1);
  const random = pseudoRandom(daysAgo * 24 - hour + at * 7919);
  const isPlanned = daysAgo % 30 === 13 && at % 3 === 1;
  if (isPlanned) return { ...EMPTY_HOUR, excused: runs };
  const isBad = (daysAgo * 5 + at * 11) % 37 === 0 && hour > 9 && hour < 9 + ((daysAgo + at) % 7);
  const failed = isBad ? Math.ceil(runs * 0.6 * random) : 0;
  if (monitor.checks[name]?.kind === "execution") return { ...EMPTY_HOUR, runs, failed };
  const average = 30 + at * 17 + 25 * Math.sin((hour / 24) * 6.283) ** 2 + 12 * random;
  const slowest = average * (1.5 + 4 * pseudoRandom(daysAgo * 31 + hour * 3 + at) ** 6);
  return {
    runs,
    failed,
    timedOut: 0,
    excused: 0,
    totalMilliseconds: Math.round(average * (runs - failed)),
    slowestMilliseconds: Math.round(slowest),
  };
}

const EMPTY_HOUR: HourSummary = {
  runs: 0,
  failed: 0,
  timedOut: 0,
  excused: 0,
  totalMilliseconds: 0,
  slowestMilliseconds: 0,
};

/** 0 to 1, always the same of the same number. */
function pseudoRandom(seed: number): number {
  const sine = Math.sin(seed * 12.9898 + 78.233) * 43_758.5453;
  return sine - Math.floor(sine);
}
