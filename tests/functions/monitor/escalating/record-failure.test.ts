import { describe, expect, it } from "@jest/globals";
import type { TellStep } from "../../../../functions/monitor/escalating/next-step.ts";
import { nextStep } from "../../../../functions/monitor/escalating/next-step.ts";
import { recordFailure } from "../../../../functions/monitor/escalating/record-failure.ts";
import type { Incident } from "../../../../functions/monitor/incident.ts";
import { fakeIncidents } from "../fakes/fake-incidents.ts";
import { sampleIncident, sampleMonitor } from "../fakes/sample-monitor.ts";

const OPENED = new Date("2026-11-27T03:00:00Z");
const NOW = new Date("2026-11-27T03:02:10Z");
const STEP: TellStep = {
  ...{ action: "tell", about: "alarm", step: 1, contact: "colin", way: "sms" },
  due: OPENED.toISOString(),
};
const BEGUN = { ...STEP, at: new Date("2026-11-27T03:00:05Z"), due: OPENED };

async function book() {
  const incidents = fakeIncidents();
  await incidents.open(sampleIncident({ number: 1, openedAt: OPENED }));
  const record = () => recordFailure(1, STEP, "TellInDoubtError: no answer", NOW, incidents);
  const told = async () => (await incidents.read(1))?.told.map(({ outcome, at }) => ({ outcome, at }));
  return { incidents, record, told };
}

describe("that a contact could not be told", () => {
  it("is on record for a step that had begun, and says why on the timeline", async () => {
    const { incidents, record, told } = await book();
    await incidents.begin(1, BEGUN);
    expect(await record()).toEqual({ outcome: "failed" });
    expect(await told()).toEqual([{ outcome: "failed", at: NOW }]);
    expect(await incidents.notes(1)).toEqual([
      { at: NOW, what: "colin not told by sms: TellInDoubtError: no answer" },
    ]);
  });

  it("is on record for one that failed before it began, so that it is not taken for ever", async () => {
    const { incidents, record, told } = await book();
    await record();
    expect(await told()).toEqual([{ outcome: "failed", at: NOW }]);
    const incident = (await incidents.read(1)) as Incident;
    expect(nextStep(incident, sampleMonitor(), NOW)).toMatchObject({
      step: 2,
      contact: "colin",
      way: "call",
    });
  });

  it("is on record once, however often it is said", async () => {
    const { incidents, record, told } = await book();
    await record();
    await record();
    expect(await told()).toHaveLength(1);
    expect(await incidents.notes(1)).toHaveLength(1);
  });

  it("changes nothing of a step that another run brought to its end", async () => {
    const { incidents, record, told } = await book();
    await incidents.begin(1, BEGUN);
    await incidents.settle(1, STEP, "sent", BEGUN.at);
    await record();
    expect(await told()).toEqual([{ outcome: "sent", at: BEGUN.at }]);
  });
});
