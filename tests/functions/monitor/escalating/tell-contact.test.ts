import { beforeEach, describe, expect, it } from "@jest/globals";
import { nextStep, type TellStep } from "../../../../functions/monitor/escalating/next-step.ts";
import {
  type ContactDesk,
  tellContact,
  wordingOf,
} from "../../../../functions/monitor/escalating/tell-contact.ts";
import type { Incident } from "../../../../functions/monitor/incident.ts";
import { PhoneRefusedError } from "../../../../functions/monitor/telling/failures.ts";
import { fakeIncidents } from "../fakes/fake-incidents.ts";
import { fakePhone } from "../fakes/fake-phone.ts";
import { sampleIncident, sampleMonitor } from "../fakes/sample-monitor.ts";
import { fakeOutbox } from "../telling/fakes/fake-outbox.ts";
import { fakeBudget } from "../telling/fakes/fake-records.ts";

const OPENED = new Date("2026-11-27T03:00:00Z");
const monitor = sampleMonitor({
  contacts: { colin: { phone: "+16045550101" }, deputy: { phone: "+16045550102" } },
});
const FIRST = stepOf({ step: 1, contact: "colin", way: "sms" });

function stepOf(step: Pick<TellStep, "step" | "contact" | "way">, due = OPENED): TellStep {
  const about = step.step === 0 ? "recovery" : "alarm";
  return { action: "tell", about, ...step, due: due.toISOString() };
}

function later(seconds: number): Date {
  return new Date(OPENED.getTime() + seconds * 1000);
}

let desk: ContactDesk & { readonly phone: ReturnType<typeof fakePhone> };
beforeEach(async () => {
  const incidents = fakeIncidents();
  const parts = { outbox: fakeOutbox(), budget: fakeBudget(), phone: fakePhone(), messagesPerHour: 30 };
  desk = { monitor, incidents, ...parts };
  await incidents.open(incidentWith());
});

function incidentWith(change: Partial<Incident> = {}): Incident {
  return sampleIncident({ number: 1, openedAt: OPENED, recoveredAt: undefined, told: [], ...change });
}

async function told(): Promise<string[]> {
  const incident = await desk.incidents.read(1);
  return (incident?.told ?? []).map(
    ({ step, contact, way, outcome }) => `${step} ${contact} ${way} ${outcome}`,
  );
}

async function notes(): Promise<string[]> {
  return (await desk.incidents.notes(1)).map(({ what }) => what);
}

describe("a step", () => {
  it("is on record as begun before anything is sent, and then as sent", async () => {
    let before: string[] = [];
    const phone = { ...desk.phone, send: spyThenSend };
    async function spyThenSend(...given: Parameters<typeof desk.phone.send>) {
      before = await told();
      return desk.phone.send(...given);
    }
    expect(await tellContact(1, FIRST, later(2), { ...desk, phone })).toEqual({ outcome: "sent" });
    expect(before).toEqual(["1 colin sms begun"]);
    expect(await told()).toEqual(["1 colin sms sent"]);
    expect(desk.phone.sent).toMatchObject([{ key: "1/1/colin/sms", to: "+16045550101", channel: "sms" }]);
  });

  it("taken again is not needed any more, and is sent once", async () => {
    await tellContact(1, FIRST, later(2), desk);
    expect(await tellContact(1, FIRST, later(3), desk)).toEqual({ outcome: "not-needed" });
    expect(desk.phone.sent).toHaveLength(1);
    expect(await told()).toEqual(["1 colin sms sent"]);
  });

  it.each<[string, () => Promise<unknown>]>([
    ["somebody has acknowledged", acknowledged],
    ["it is over", () => desk.incidents.recover(1, later(1), "200 OK")],
  ])("decided before, when %s meanwhile: nothing is sent, nothing is on record", async (_, happens) => {
    await happens();
    expect(await tellContact(1, FIRST, later(2), desk)).toEqual({ outcome: "not-needed" });
    expect(desk.phone.sent).toEqual([]);
    expect(await told()).toEqual([]);
  });

  it.each([
    ["another step", { step: 3, contact: "deputy", way: "sms" }],
    ["another way", { step: 1, contact: "colin", way: "call" }],
    ["another contact", { step: 1, contact: "deputy", way: "sms" }],
    ["the all-clear", { step: 0, contact: "colin", way: "sms" }],
    ["somebody whom nobody knows", { step: 1, contact: "eve", way: "sms" }],
  ] as const)("that is not the next one (%s) is not taken", async (_, step) => {
    expect(await tellContact(1, stepOf(step), later(2), desk)).toEqual({ outcome: "not-needed" });
    expect([desk.phone.sent, await told()]).toEqual([[], []]);
  });

  it("of an incident that there is not", async () => {
    await expect(tellContact(9, FIRST, later(2), desk)).rejects.toMatchObject({
      name: "UnknownIncidentError",
    });
  });

  it("refused for good is failed, and the timeline says why", async () => {
    desk.phone.failWith(new PhoneRefusedError("The contact has replied STOP", 21610));
    expect(await tellContact(1, FIRST, later(2), desk)).toEqual({ outcome: "failed" });
    expect(await told()).toEqual(["1 colin sms failed"]);
    expect(await notes()).toEqual(["colin not told: The contact has replied STOP"]);
  });

  it("over budget is on record as that", async () => {
    expect(await tellContact(1, FIRST, later(2), { ...desk, messagesPerHour: 0 })).toEqual({
      outcome: "over-budget",
    });
    expect(await told()).toEqual(["1 colin sms over-budget"]);
    expect(desk.phone.sent.map(({ key }) => key)).toEqual(["storm/2026-11-27T03/colin"]);
  });
});

describe("a step that was begun by a run that died", () => {
  beforeEach(() => desk.incidents.begin(1, { ...FIRST, at: later(2), due: OPENED }));

  it.each<[string, () => Promise<unknown>]>([
    ["somebody has acknowledged", acknowledged],
    ["it is over", () => desk.incidents.recover(1, later(3), "200 OK")],
  ])("and sent nothing, when %s: it ends as not needed", async (_, happens) => {
    await happens();
    expect(await tellContact(1, FIRST, later(10), desk)).toEqual({ outcome: "not-needed" });
    expect(await told()).toEqual(["1 colin sms not-needed"]);
    expect(desk.phone.sent).toEqual([]);
  });

  it("and may have sent it, when it is over: it is found out, so that the all-clear follows", async () => {
    const { sms: text } = wordingOf(incidentWith(), FIRST, monitor);
    const telling = { key: "1/1/colin/sms", contact: { name: "colin", phone: "+16045550101" }, text };
    await desk.outbox.claim({ ...telling, channel: "sms" }, later(2));
    await desk.phone.send({ ...telling, channel: "sms" }, later(2));
    await desk.incidents.recover(1, later(3), "200 OK");
    await expect(tellContact(1, FIRST, later(10), desk)).rejects.toMatchObject({ name: "TellInDoubtError" });
    expect(await tellContact(1, FIRST, later(40), desk)).toEqual({ outcome: "sent" });
    expect(desk.phone.sent).toHaveLength(1);
    const incident = (await desk.incidents.read(1)) as Incident;
    expect(nextStep(incident, monitor, later(40))).toMatchObject({ about: "recovery", contact: "colin" });
  });

  it("is settled when its contact was taken out of the fleet, and the next contact is told", async () => {
    const without = sampleMonitor({ contacts: { deputy: { phone: "+16045550102" } } });
    expect(await tellContact(1, FIRST, later(10), { ...desk, monitor: without })).toEqual({
      outcome: "not-needed",
    });
    expect(await told()).toEqual(["1 colin sms not-needed"]);
    const incident = (await desk.incidents.read(1)) as Incident;
    expect(nextStep(incident, without, later(600))).toMatchObject({ action: "tell", contact: "deputy" });
    expect(desk.phone.sent).toEqual([]);
  });
});

describe("what is said at a step", () => {
  const words = (incident: Partial<Incident>, step: TellStep = FIRST) =>
    wordingOf(incidentWith(incident), step, monitor).sms;
  it.each<[string, string, RegExp]>([
    [
      "the first alarm, by the check's title and in the monitor's zone",
      words({}),
      /^ALARM \[1\.1\] Web site: .* \(since 22:00 EST\)/,
    ],
    [
      "in another round",
      words({}, stepOf({ step: 5, contact: "colin", way: "sms" }, later(1800))),
      /^STILL \[1\.5\] .* \(for 30 min\)/,
    ],
    [
      "the last step of the first round is no reminder yet",
      words({}, stepOf({ step: 4, contact: "deputy", way: "call" })),
      /^ALARM \[1\.4\]/,
    ],
    ["flapping", words({ cause: "flapping", reason: "came and went 6 times" }), /: came and went 6 times/],
    ["the monitor itself", words({ cause: "impaired", check: "monitor" }), /^MONITOR IMPAIRED \[1\.1\]: /],
    [
      "its end",
      words({ check: "monitor" }, stepOf({ step: 0, contact: "colin", way: "sms" }, later(60))),
      /^OK \[1\.0\] the monitor works again after 1 min/,
    ],
    ["a check that is in the fleet no more", words({ check: "former" }), /^ALARM \[1\.1\] former: /],
  ])("%s", (_, text, expected) => {
    expect(text).toMatch(expected);
  });

  it("times are those of the contact's own zone, if there is one", () => {
    const quiet = { from: "22:00", to: "07:00", timeZone: "Europe/Berlin" };
    const abroad = sampleMonitor({ contacts: { colin: { phone: "+16045550101", quiet } } });
    expect(wordingOf(incidentWith(), FIRST, abroad).sms).toContain("(since 04:00 GMT+1)");
  });
});

function acknowledged() {
  const [at, until] = [later(1), later(3600)];
  return desk.incidents.acknowledge(1, { by: "deputy", via: "cli", at, until, proof: "by-hand" });
}
