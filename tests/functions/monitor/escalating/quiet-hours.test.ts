import { describe, expect, it } from "@jest/globals";
import type { Contact } from "#fleet";
import { quietMinutesLeft } from "../../../../functions/monitor/escalating/quiet-hours.ts";

function leftAt(clock: string, quiet: Contact["quiet"], timeZone = "UTC"): number {
  return quietMinutesLeft({ phone: "+16045550101", quiet }, timeZone, new Date(`2026-11-27T${clock}Z`));
}

const NIGHT = { from: "22:00", to: "07:00" };
const NOON = { from: "12:00", to: "13:30" };

describe("quiet hours", () => {
  it.each<[string, Contact["quiet"], number, string]>([
    ["21:59:59", NIGHT, 0, "not yet"],
    ["22:00:00", NIGHT, 540, "from the first minute"],
    ["23:59:30", NIGHT, 421, "up to midnight"],
    ["00:00:00", NIGHT, 420, "and beyond"],
    ["06:59:59", NIGHT, 1, "to the last minute"],
    ["07:00:00", NIGHT, 0, "awake"],
    ["11:59:00", NOON, 0, "hours of one day: not yet"],
    ["12:00:00", NOON, 90, "from the first minute"],
    ["13:29:00", NOON, 1, "to the last"],
    ["13:30:00", NOON, 0, "over"],
    ["03:00:00", undefined, 0, "none are kept"],
    ["03:00:00", { from: "03:00", to: "03:00" }, 0, "from a minute to itself is no time"],
  ])("at %s, of %j: %i min left (%s)", (clock, quiet, left) => {
    expect(leftAt(clock, quiet)).toBe(left);
  });

  it.each([
    ["2026-03-29T00:30:00Z", 270, "forward at 01:00 UTC: 07:00 in Zurich comes an hour sooner than it seems"],
    ["2026-10-25T00:30:00Z", 330, "back at 01:00 UTC: an hour later"],
    ["2026-03-29T01:00:00Z", 240, "the clocks have changed: as ever"],
  ])("at %s: %i min left (%s)", (instant, left) => {
    const quiet = { ...NIGHT, timeZone: "Europe/Zurich" };
    expect(quietMinutesLeft({ phone: "+16045550101", quiet }, "UTC", new Date(instant))).toBe(left);
  });

  it("end in the hour that is left out: never a wait for nothing, and awake when it is over", () => {
    const quiet = { from: "22:00", to: "02:30", timeZone: "Europe/Zurich" };
    let now = Date.parse("2026-03-29T00:00:00Z"); // 01:00 there; 02:00 is 03:00
    for (let waits = 0; waits < 100; waits += 1) {
      const left = quietMinutesLeft({ phone: "+16045550101", quiet }, "UTC", new Date(now));
      if (left === 0) break;
      expect(left).toBeGreaterThan(0);
      now += left * 60_000;
    }
    expect(new Date(now).toISOString()).toBe("2026-03-29T01:00:00.000Z");
  });

  it("are in the monitor's zone, or in the contact's own", () => {
    expect(leftAt("03:00:00", NIGHT, "America/New_York")).toBe(9 * 60); // 22:00 there
    expect(leftAt("03:00:00", { ...NIGHT, timeZone: "Asia/Tokyo" }, "America/New_York")).toBe(0); // noon there
  });
});
