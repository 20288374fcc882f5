import { describe, expect, test } from "@jest/globals";
import { renderIncident } from "../../../cli/view/incident-timeline.ts";
import { sampleIncident } from "../../functions/monitor/fakes/sample-monitor.ts";
import { terminal } from "../fixtures/outputs.ts";

const event = (at: string, what: string) => ({ at: new Date(at), what });

const EVENTS = [
  event("2026-11-27T05:20:00Z", "recovered: 200 OK in 45 ms"),
  event("2026-11-27T04:57:00Z", "first failure: connection refused"),
  event("2026-11-27T04:59:00Z", "alarm: connection refused"),
  event("2026-11-27T04:59:07Z", "told colin by sms"),
  event("2026-11-27T05:03:30Z", "colin has it, by sms"),
];
const OVER = sampleIncident({
  reason: "connection refused",
  openedAt: new Date("2026-11-27T04:59:00Z"),
  recoveredAt: new Date("2026-11-27T05:20:00Z"),
});

describe("an incident", () => {
  test("that is over, with its events in order and by the day of the time zone", () => {
    expect(`\n${renderIncident(OVER, EVENTS, terminal(), "America/New_York")}`).toBe(`
Incident 12: web (failing), over after 21 min
  connection refused

2026-11-26
  23:57:00       -2 min  first failure: connection refused
  23:59:00         +0 s  alarm: connection refused
  23:59:07         +7 s  told colin by sms
2026-11-27
  00:03:30       +4 min  colin has it, by sms
  00:20:00      +21 min  recovered: 200 OK in 45 ms
Times: America/New_York
`);
  });

  test("that is open, of which nothing is known, in UTC", () => {
    const open = { ...OVER, recoveredAt: undefined, isCritical: false };
    expect(renderIncident(open, [], terminal()).split("\n")).toEqual([
      "Incident 12: web (failing, not critical), open",
      "  connection refused",
      "",
      "Times: UTC",
      "",
    ]);
  });

  test.each([20, 40, 80])("no line reaches the last of %d columns, nor moves the cursor", (columns) => {
    const events = [...EVENTS, event("2026-11-27T06:00:00Z", `evil \u001b[2J ${"long ".repeat(60)}`)];
    const lines = renderIncident(OVER, events, terminal({ columns: () => columns })).split("\n");
    for (const line of lines) expect(line.length).toBeLessThan(columns);
    expect(lines.join("")).not.toContain("\u001b");
  });

  test("in colour says how it stands, and in ASCII says it all the same", () => {
    expect(renderIncident(OVER, EVENTS, terminal({ colour: true }))).toContain(
      "\u001b[32mover after 21 min\u001b[0m",
    );
    const ascii = renderIncident(
      OVER,
      [event("2026-11-27T05:00:00Z", "ü → ✓")],
      terminal({ unicode: false }),
    );
    expect(ascii).toMatch(/^[\n -~]*$/);
    expect(ascii).toContain("+1 min  ? ? ?");
  });
});
