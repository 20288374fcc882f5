import { describe, expect, it } from "@jest/globals";
import { decideStep } from "../../../../functions/monitor/escalating/decide-step.ts";
import type { Incident, Told } from "../../../../functions/monitor/incident.ts";
import { fakeIncidents, tellIn } from "../fakes/fake-incidents.ts";
import { sampleIncident, sampleMonitor } from "../fakes/sample-monitor.ts";

const OPENED = new Date("2026-11-27T03:00:00Z");
const monitor = sampleMonitor({ escalation: { callAfterMinutes: 5, nextAfterMinutes: 5, rounds: 1 } });

function later(minutes: number): Date {
  return new Date(OPENED.getTime() + minutes * 60_000);
}

/** Incident 7, with the SMS and the call of its one round as they came out. */
async function bookWith(...outcomes: Exclude<Told["outcome"], "begun">[]) {
  const incidents = fakeIncidents();
  const incident: Partial<Incident> = { number: 7, openedAt: OPENED, reason: "connection refused" };
  await incidents.open(sampleIncident(incident));
  for (const [at, outcome] of outcomes.entries()) {
    const step = {
      step: at + 1,
      contact: "colin",
      way: at === 0 ? "sms" : "call",
      at: later(at * 5),
    } as const;
    await tellIn(incidents, 7, { ...step, outcome });
  }
  return incidents;
}

describe("deciding", () => {
  it("answers the next step, and leaves the record as it is", async () => {
    const incidents = await bookWith();
    expect(await decideStep(7, later(0), { monitor, incidents })).toEqual({
      ...{ action: "tell", about: "alarm", step: 1, contact: "colin", way: "sms" },
      due: "2026-11-27T03:00:00.000Z",
    });
    expect((await incidents.read(7))?.told).toEqual([]);
    expect(await incidents.notes(7)).toEqual([]);
  });

  it("answers how long to wait", async () => {
    const incidents = await bookWith("sent");
    expect(await decideStep(7, later(2), { monitor, incidents })).toEqual({ action: "wait", seconds: 180 });
  });

  it("answers the end when it is over, and notes nothing", async () => {
    const incidents = await bookWith();
    await incidents.recover(7, later(1), "200 OK");
    expect(await decideStep(7, later(1), { monitor, incidents })).toEqual({
      action: "end",
      outcome: "recovered",
    });
    expect(await incidents.notes(7)).toEqual([]);
  });
});

describe("deciding fails by name", () => {
  it.each([
    {
      why: "everybody was told",
      outcomes: ["sent", "sent"],
      error: "NobodyAnsweredError",
      message: "nobody acknowledged incident 7: web, connection refused",
      note: "everybody was told, and nobody acknowledged",
    },
    {
      why: "the text was refused, the call went through",
      outcomes: ["failed", "sent"],
      error: "NobodyAnsweredError",
      message: "nobody acknowledged incident 7: web, connection refused",
      note: "everybody was told, and nobody acknowledged",
    },
    {
      why: "nothing went through",
      outcomes: ["failed", "failed"],
      error: "NobodyToldError",
      message: "nobody could be told of incident 7: web, connection refused",
      note: "nobody could be told: see the topic's alarm",
    },
  ] as const)("$why: $error, once on the timeline however often it is decided", async (row) => {
    const incidents = await bookWith(...row.outcomes);
    const now = later(60);
    const failure = { name: row.error, message: row.message };
    await expect(decideStep(7, now, { monitor, incidents })).rejects.toMatchObject(failure);
    await expect(decideStep(7, later(90), { monitor, incidents })).rejects.toMatchObject(failure);
    expect(await incidents.notes(7)).toEqual([{ at: now, what: row.note }]);
  });

  it("there is no such incident", async () => {
    const incidents = await bookWith();
    await expect(decideStep(8, later(0), { monitor, incidents })).rejects.toMatchObject({
      ...{ name: "UnknownIncidentError", message: "there is no incident 8" },
    });
  });
});
