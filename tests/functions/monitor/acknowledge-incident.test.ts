import { describe, expect, it } from "@jest/globals";
import { acknowledgeIncident, type Claim } from "../../../functions/monitor/acknowledge-incident.ts";
import { fakeIncidents } from "./fakes/fake-incidents.ts";
import { sampleIncident } from "./fakes/sample-monitor.ts";

const NOW = new Date("2026-11-27T03:00:00Z");
const CLAIM: Claim = { incident: 12, by: "colin", proof: "ack-1" };

function later(hours: number): Date {
  return new Date(NOW.getTime() + hours * 3_600_000);
}

async function book() {
  const incidents = fakeIncidents();
  await incidents.open(sampleIncident({ number: 12, openedAt: NOW }));
  const acknowledge = (change: Partial<Claim> = {}, now = NOW) =>
    acknowledgeIncident({ ...CLAIM, ...change }, now, { hours: 4, incidents });
  return { incidents, acknowledge };
}

describe("an operator's acknowledgement", () => {
  it.each([
    { why: "as long as the fleet says", hours: undefined, until: later(4) },
    { why: "as long as the operator says", hours: 0.5, until: later(0.5) },
  ])("holds $why", async ({ hours, until }) => {
    const { incidents, acknowledge } = await book();
    expect(await acknowledge({ hours })).toEqual({ incident: 12, result: "acknowledged" });
    expect((await incidents.read(12))?.acknowledgements).toEqual([
      { by: "colin", via: "cli", at: NOW, until, proof: "ack-1" },
    ]);
  });

  it.each([
    { why: "the same execution again", change: {}, result: "replayed" },
    { why: "the same execution again, when it has lapsed", change: {}, now: later(5), result: "replayed" },
    { why: "another one while it holds", change: { proof: "ack-2", by: "deputy" }, result: "already" },
    {
      why: "another one when it has lapsed",
      change: { proof: "ack-2" },
      now: later(4),
      result: "acknowledged",
    },
  ])("a second time: $why is $result", async ({ change, now, result }) => {
    const { incidents, acknowledge } = await book();
    await acknowledge();
    expect(await acknowledge(change, now)).toEqual({ incident: 12, result });
    expect((await incidents.read(12))?.acknowledgements).toHaveLength(result === "acknowledged" ? 2 : 1);
  });

  it("of what is over says so", async () => {
    const { incidents, acknowledge } = await book();
    await incidents.recover(12, later(1), "200 OK");
    expect(await acknowledge({}, later(2))).toEqual({ incident: 12, result: "recovered" });
    expect((await incidents.read(12))?.acknowledgements).toEqual([]);
  });

  it("of what never was fails by name", async () => {
    const { acknowledge } = await book();
    await expect(acknowledge({ incident: 13 })).rejects.toMatchObject({
      ...{ name: "UnknownIncidentError", message: "there is no incident 13" },
    });
  });
});
