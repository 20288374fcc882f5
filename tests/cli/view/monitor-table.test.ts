import { describe, expect, test } from "@jest/globals";
import { type MonitorView, renderMonitor } from "../../../cli/view/monitor-table.ts";
import type { Terminal } from "../../../cli/view/terminal.ts";
import type { CheckState } from "../../../functions/monitor/board.ts";
import type { Incident, Told } from "../../../functions/monitor/incident.ts";
import {
  NOW,
  SLOT,
  sampleBoard,
  sampleIncident,
  sampleMonitor,
  sampleState,
} from "../../functions/monitor/fakes/sample-monitor.ts";
import { terminal } from "../fixtures/outputs.ts";

const at = (time: string) => new Date(`2026-11-27T${time}:00Z`);
const told = (
  step: number,
  contact: string,
  way: Told["way"],
  time: string,
  outcome: Told["outcome"] = "sent",
) => ({
  step,
  contact,
  way,
  at: at(time),
  due: at(time),
  outcome,
});

const failed = (reason: string, change: Partial<CheckState> = {}): Partial<CheckState> => ({
  phase: "alarm",
  since: "2026-11-27T02:02:00.000Z",
  failures: 18,
  successes: 0,
  last: { verdict: "FAILED", milliseconds: 3, reason, at: SLOT },
  ...change,
});

const OPEN = sampleIncident({
  number: 12,
  openedAt: at("02:05"),
  recoveredAt: undefined,
  reason: "connection refused",
  told: [
    told(1, "colin", "sms", "02:05"),
    told(2, "colin", "call", "02:10"),
    told(3, "ben", "sms", "02:15", "failed"),
  ],
});

const MONITOR = sampleMonitor();

/** Words of an hour: good in 40 ms but for what is given. */
function hour(minutes: number, words: Readonly<Record<number, string>> = {}): string {
  return Array.from({ length: minutes }, (_, minute) => `${minute}${words[minute] ?? "g40"}`).join(" ");
}

function viewOf(change: Partial<MonitorView> = {}): MonitorView {
  const board = sampleBoard(MONITOR, {
    web: failed("connection refused"),
    mail: failed("no answer in 10 s", {
      phase: "failing",
      silence: "parent",
      last: { verdict: "TIMED OUT", milliseconds: 10_000, reason: "no answer in 10 s", at: SLOT },
    }),
    names: failed("SERVFAIL", { phase: "failing", failures: 1, since: SLOT }),
    backup: { silence: "maintenance" },
    billing: { isFlapping: true, last: { verdict: "GOOD", milliseconds: 0, reason: "succeeded", at: SLOT } },
  });
  const results = {
    web: hour(21, { 3: "f3", 4: "t10000" }),
    mail: hour(21, { 20: "F3" }),
    names: hour(21, { 20: "g160" }),
  };
  const previousHour = { web: hour(60), mail: hour(60), names: hour(60, { 45: "g20" }) };
  return {
    monitor: MONITOR,
    board: { ...board, results },
    previousHour,
    incidents: [OPEN],
    now: NOW,
    ...change,
  };
}

const render = (view: MonitorView, options: Partial<Terminal> = {}) =>
  renderMonitor(view, terminal({ columns: () => 80, ...options })).split("\n");

test("a night in which something is wrong, in 80 columns", () => {
  expect(`\n${render(viewOf()).join("\n")}`).toBe(`
  check        state               since     last  last hour
✗ web          ALARM              18 min     3 ms  ▃▃▃▃▃▃▃▃▃▃▃▃▃▃×▃▃▃▃▃
  connection refused
~ mail         parent fails       18 min     10 s  ▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃~
  no answer in 10 s
✓ certificate  good            13 d 15 h    45 ms
! names        failing 1/3          12 s     3 ms  ▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▇
  SERVFAIL
~ backup       maintenance     13 d 15 h    45 ms
≈ billing      flapping        13 d 15 h
✓ secret       good            13 d 15 h    45 ms

Incident 12  web (failing) for 15 min: connection refused
  told colin (sms 21:05, call 21:10), ben (sms 21:15 failed)
  nobody has it: nightshift ack 12

Last run at 21:20, 12 s ago. Times: America/New_York
`);
});

describe("whatever the terminal", () => {
  const long = viewOf({
    board: sampleBoard(MONITOR, { web: failed("ü – ✓ \u001b[2J and so on".repeat(20)) }),
    incidents: [{ ...OPEN, reason: "x".repeat(300), told: Array(20).fill(told(1, "colin", "sms", "02:05")) }],
  });

  test.each([20, 40, 71, 72, 80, 100, 140, 200])("no line reaches the last of %d columns", (columns) => {
    for (const line of render(long, { columns: () => columns }))
      expect([...line].length).toBeLessThan(columns);
  });

  test("only ASCII where there is no more, with a sign of its own for each state", () => {
    const lines = render(viewOf(), { unicode: false });
    expect(lines.join("\n")).toMatch(/^[\n -~]*$/);
    expect(lines.map((line) => line.slice(0, 5))).toEqual(
      expect.arrayContaining(["X web", "~ mai", "+ cer", "! nam", "~ bac", "% bil"]),
    );
    expect(lines[1]).toMatch(/-{14}x-{5}$/);
    expect(render(long, { unicode: false }).join("\n")).toMatch(/^[\n -~]*$/);
  });

  test("colour on signs, states and sparks, and only where it is wanted", () => {
    const [, web = ""] = render(viewOf(), { colour: true });
    expect(web).toContain("\u001b[31m✗\u001b[0m web");
    expect(web).toContain("\u001b[31mALARM");
    expect(web).toContain("\u001b[31m×\u001b[0m\u001b[32m▃▃▃▃▃\u001b[0m");
    expect(render(viewOf()).join("")).not.toContain("\u001b");
  });

  test("what a server says cannot move the cursor", () => {
    expect(render(long).join("")).not.toContain("\u001b");
  });

  test.each([
    [140, 60],
    [100, 30],
    [72, 20],
  ])("%d columns have room for %d sparks", (columns, sparks) => {
    const [, web = ""] = render(viewOf(), { columns: () => columns });
    expect(/[▁-█×~]+$/.exec(web)?.[0]).toHaveLength(sparks);
  });
});

describe("the end of the table", () => {
  const end = (change: Partial<MonitorView>) => render(viewOf({ incidents: [], ...change })).at(-2);
  test.each([
    {
      now: "2026-11-27T02:23:00Z",
      line: "Last run at 21:20, 3 min ago. Times: America/New_York",
      why: "not late yet",
    },
    {
      now: "2026-11-27T02:54:30Z",
      line: "THE LAST RUN WAS AT 21:20, 34 min ago: nothing is watched",
      why: "late",
    },
    {
      now: "2026-11-27T02:19:00Z",
      line: "Last run at 21:20, 0 s ago. Times: America/New_York",
      why: "a slow clock",
    },
  ])("$why: $line", ({ now, line }) => {
    expect(end({ now: new Date(now) })).toBe(line);
  });

  test("before the first run", () => {
    const board = { ...sampleBoard(MONITOR), slot: undefined, checks: {}, results: {}, hour: undefined };
    expect(end({ board })).toBe("There was no run yet.");
    expect(render(viewOf({ board }))[1]).toBe("· web          no result");
  });

  test("an impaired monitor says so, with its reason", () => {
    const board = sampleBoard(MONITOR);
    const own = sampleState(failed("no north star answers"));
    const lines = render(viewOf({ board: { ...board, checks: { ...board.checks, monitor: own } } }));
    expect(lines).toContain("The monitor itself is impaired: no north star answers");
  });
});

describe("open incidents", () => {
  const lines = (change: Partial<Incident>) =>
    render(viewOf({ incidents: [{ ...OPEN, ...change }] }))
      .slice(12, 15)
      .map((line) => line.trim());

  test.each<{ why: string; change: Partial<Incident>; line: string }>([
    { why: "nobody was told", change: { told: [] }, line: "nobody was told yet" },
    {
      why: "too many messages",
      change: { told: [told(1, "colin", "sms", "02:05", "over-budget")] },
      line: "told colin (sms 21:05 not sent: too many)",
    },
    {
      why: "somebody has it",
      change: {
        acknowledgements: [{ by: "colin", via: "sms", at: at("02:06"), until: at("06:06"), proof: "SM1" }],
      },
      line: "colin has it since 21:06 (by sms), until 01:06",
    },
    {
      why: "an acknowledgement that no longer holds is none",
      change: {
        acknowledgements: [{ by: "colin", via: "sms", at: at("01:06"), until: at("02:06"), proof: "SM1" }],
      },
      line: "nobody has it: nightshift ack 12",
    },
    {
      why: "not critical",
      change: { isCritical: false, cause: "flapping" },
      line: "Incident 12  web (flapping, not critical) for 15 min: connection refused",
    },
  ])("$why", ({ change, line }) => {
    expect(lines(change)).toContain(line);
  });
});
