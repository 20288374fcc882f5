import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { openNight, type WatchedNight } from "./watched-night.ts";

let night: WatchedNight;
beforeAll(async () => {
  night = await openNight();
});
afterAll(() => night.close());

let executions = 0;
function acknowledge(incident: number, more: object = {}) {
  executions += 1;
  return night.walk("monitor-acknowledge", { incident, by: "colin", ...more }, `ack-${executions}`);
}

describe("monitor-acknowledge", () => {
  it("an open incident: it counts for as long as the fleet says, once, under the execution's name", async () => {
    await night.open(1);
    const { outcome, tasks } = await acknowledge(1);
    expect(outcome).toEqual({ status: "SUCCEEDED", output: { incident: 1, result: "acknowledged" } });
    expect(tasks).toEqual(["AcknowledgeIncident"]);
    const [one, ...others] = (await night.incidents.read(1))?.acknowledgements ?? [];
    expect(others).toEqual([]);
    expect(one).toMatchObject({ by: "colin", via: "cli", proof: `ack-${executions}` });
    expect((one?.until.getTime() ?? 0) - (one?.at.getTime() ?? 0)).toBe(3_600_000);
  });

  it("for as many hours as the operator says", async () => {
    await night.open(2);
    await acknowledge(2, { hours: 8 });
    const [one] = (await night.incidents.read(2))?.acknowledgements ?? [];
    expect((one?.until.getTime() ?? 0) - (one?.at.getTime() ?? 0)).toBe(8 * 3_600_000);
  });

  it("twice: somebody has it already, and keeps it", async () => {
    await night.open(3);
    await acknowledge(3);
    const { outcome } = await acknowledge(3, { by: "deputy", hours: 72 });
    expect(outcome).toMatchObject({ status: "SUCCEEDED", output: { result: "already" } });
    expect((await night.incidents.read(3))?.acknowledgements).toMatchObject([{ by: "colin" }]);
  });

  it("after recovery: there is nothing to acknowledge, and nothing is on record", async () => {
    await night.open(4);
    await night.incidents.recover(4, new Date("2026-11-22T04:00:00Z"), "200 OK");
    const { outcome } = await acknowledge(4);
    expect(outcome).toMatchObject({ status: "SUCCEEDED", output: { result: "recovered" } });
    expect((await night.incidents.read(4))?.acknowledgements).toEqual([]);
  });

  it("an incident that there is not", async () => {
    const { outcome } = await acknowledge(99);
    expect(outcome).toMatchObject({ status: "FAILED", error: "UnknownIncidentError" });
    expect(await night.incidents.read(99)).toBeUndefined();
  });

  it.each([
    ["for more than three days", { hours: 73 }],
    ["for no time", { hours: 0 }],
    ["by nobody", { by: "" }],
  ])("%s: refused, and nothing is on record", async (_, more) => {
    await night.open(5);
    const { outcome } = await acknowledge(5, more);
    expect(outcome.status).toBe("FAILED");
    expect((await night.incidents.read(5))?.acknowledgements).toEqual([]);
  });
});
