import { afterEach, describe, expect, it } from "@jest/globals";
import type { Walk } from "./walked-run.ts";
import { COLIN, DEPUTY, openNight, type WatchedNight } from "./watched-night.ts";

let night: WatchedNight;
afterEach(() => night.close());

/** The escalation of incident 1, from its beginning to its end. */
function escalate(about: "open" | "recover" = "open"): Promise<Walk> {
  return night.walk("monitor-escalate", { incident: 1 }, `incident-000001-${about}`);
}

/** The check is well again after so many minutes, upon which the all-clear starts, as run-checks starts it. */
async function recoverAfter(minutes: number): Promise<Walk> {
  await night.after(minutes, () => night.incidents.recover(1, new Date(minutesLater(minutes)), "200 OK"));
  return escalate("recover");
}

function minutesLater(minutes: number): number {
  return Date.parse("2026-11-22T04:00:00.000Z") + minutes * 60_000;
}

const firstAlarm = (text: string) => (text.startsWith("ALARM") ? "ACK" : undefined);

describe("monitor-escalate ends well", () => {
  it("acknowledged by a text, then recovered: who has it hears so, and nobody else ever", async () => {
    night = await openNight();
    night.twilio.person(COLIN, { sms: { reply: { text: firstAlarm, afterSeconds: 40 } } });
    await night.open(1);
    const [open, recover] = await Promise.all([escalate(), recoverAfter(20)]);
    expect(open.outcome.status).toBe("SUCCEEDED");
    expect(recover.outcome.status).toBe("SUCCEEDED");
    expect(recover.tasks).toEqual(["DecideStep", "TellContact"]);
    expect(await night.told(1)).toEqual(["1 colin sms sent", "0 colin sms sent"]);
    expect(night.heard()).toEqual([
      "0 colin sms: ALARM [1.1]",
      "0 colin sms: 1 acknowledged",
      "20 colin sms: OK [1.0]",
    ]);
  });

  it("acknowledged by a key in the call: the deputy sleeps on", async () => {
    night = await openNight();
    night.twilio.person(COLIN, { call: { answersAfterSeconds: 10, presses: "1" } });
    await night.open(1);
    await Promise.all([escalate(), recoverAfter(20)]);
    expect(await night.told(1)).toEqual(["1 colin sms sent", "2 colin call sent", "0 colin sms sent"]);
    expect((await night.incidents.read(1))?.acknowledgements).toMatchObject([{ by: "colin", via: "call" }]);
    expect(night.heard().filter((line) => line.includes("deputy"))).toEqual([]);
  });

  it("recovered before anybody was told: nobody hears of it", async () => {
    night = await openNight();
    await night.open(1);
    await night.incidents.recover(1, new Date(minutesLater(0)), "200 OK");
    const { outcome, tasks, entered } = await escalate();
    expect(outcome.status).toBe("SUCCEEDED");
    expect(tasks).toEqual(["DecideStep"]);
    expect(entered).toContain("Settled");
    expect(night.heard()).toEqual([]);
  });

  it("recovered in the middle of a round: whoever was told hears so, each once, though two executions say it", async () => {
    night = await openNight();
    await night.open(1);
    await Promise.all([escalate(), recoverAfter(16)]);
    expect(await night.told(1)).toEqual([
      "1 colin sms sent",
      "2 colin call sent",
      "3 deputy sms sent",
      "0 colin sms sent",
      "0 deputy sms sent",
    ]);
    expect(night.twilio.accepted("sms")).toHaveLength(4);
    expect(night.twilio.accepted("call")).toHaveLength(1);
  });

  it("started a second time while it runs: each step is taken once", async () => {
    night = await openNight();
    await night.open(1);
    const again = night.walk("monitor-escalate", { incident: 1 }, "by-hand");
    await Promise.all([escalate(), again, recoverAfter(6)]);
    expect(await night.told(1)).toEqual(["1 colin sms sent", "2 colin call sent", "0 colin sms sent"]);
    expect([night.twilio.accepted("sms").length, night.twilio.accepted("call").length]).toEqual([2, 1]);
  });

  it("quiet hours: what is not critical waits for the first to wake", async () => {
    const sleeps = (to: string) => ({ quiet: { from: "22:00", to, timeZone: "UTC" } });
    night = await openNight({
      contacts: {
        colin: { phone: COLIN, ...sleeps("07:00") },
        deputy: { phone: DEPUTY, ...sleeps("06:00") },
      },
    });
    night.twilio.person(DEPUTY, { sms: { reply: { text: firstAlarm, afterSeconds: 20 } } });
    await night.open(1, { isCritical: false });
    await Promise.all([escalate(), recoverAfter(150)]);
    expect(await night.told(1)).toEqual(["3 deputy sms sent", "0 deputy sms sent"]);
    expect(night.heard()).toEqual([
      "120 deputy sms: ALARM [1.3]",
      "120 deputy sms: 1 acknowledged",
      "150 deputy sms: OK [1.0]",
    ]);
  });

  it("an acknowledgement lapses: the rounds begin anew, with the first contact", async () => {
    night = await openNight();
    night.twilio.person(COLIN, { sms: { reply: { text: firstAlarm, afterSeconds: 59 } } });
    await night.open(1);
    await Promise.all([escalate(), recoverAfter(67)]);
    expect(await night.told(1)).toEqual([
      "1 colin sms sent",
      "5 colin sms sent",
      "6 colin call sent",
      "0 colin sms sent",
    ]);
    expect(night.heard().filter((line) => line.includes("sms"))).toEqual([
      "0 colin sms: ALARM [1.1]",
      "1 colin sms: 1 acknowledged",
      "61 colin sms: STILL [1.5]",
      "67 colin sms: OK [1.0]",
    ]);
  });

  it("over budget: one text says so, no alarm goes out, and so no all-clear", async () => {
    night = await openNight({ messagesPerHour: 4 });
    for (const key of ["a", "b", "c", "d"]) await night.budget.take("2026-11-22T04", key, 4);
    await night.open(1);
    const [open] = await Promise.all([escalate(), recoverAfter(8)]);
    expect(open.outcome.status).toBe("SUCCEEDED");
    expect(await night.told(1)).toEqual(["1 colin sms over-budget", "2 colin call over-budget"]);
    expect(night.heard()).toEqual(["0 colin sms: TOO"]);
    expect(night.twilio.accepted("call")).toEqual([]);
  });
});

describe("monitor-escalate goes on without who cannot be told", () => {
  it("a text that stays in doubt is given up after three minutes, and the call goes through", async () => {
    night = await openNight();
    night.twilio.person(COLIN, { call: { answersAfterSeconds: 10, presses: "1" } });
    night.twilio.fail({ on: "SendMessage", how: { reset: "before" }, times: 6 });
    await night.open(1);
    const [open] = await Promise.all([escalate(), recoverAfter(20)]);
    expect(open.tasks).toEqual(["DecideStep", "TellContact", "RecordFailure"]);
    expect(open.retries).toEqual(Array(10).fill("TellContact: TellInDoubtError after 20 s"));
    expect(await night.told(1)).toEqual(["1 colin sms failed", "2 colin call sent", "0 colin sms sent"]);
    expect(night.heard()[0]).toMatch(/^3 colin call: Alarm/);
    const notes = (await night.incidents.notes(1)).map(({ what }) => what);
    expect(notes).toContainEqual(expect.stringMatching(/^colin not told by sms: /));
  });

  it("a text that Twilio refuses is not waited for: the call follows at once", async () => {
    night = await openNight();
    night.twilio.person(COLIN, { sms: "opted-out", call: { answersAfterSeconds: 10, presses: "1" } });
    await night.open(1);
    const [open] = await Promise.all([escalate(), recoverAfter(20)]);
    expect(open.retries).toEqual([]);
    expect((await night.told(1)).slice(0, 2)).toEqual(["1 colin sms failed", "2 colin call sent"]);
    expect(night.heard()[0]).toMatch(/^0 colin call: Alarm/);
  });

  it("Twilio is busy and says for how long: asked again then, and told once", async () => {
    night = await openNight();
    night.twilio.person(COLIN, { sms: { reply: { text: firstAlarm, afterSeconds: 20 } } });
    night.twilio.fail({ on: "SendMessage", how: { busy: true, retryAfterSeconds: 45 }, times: 2 });
    await night.open(1);
    const [open] = await Promise.all([escalate(), recoverAfter(20)]);
    expect(open.retries).toEqual([]);
    expect(night.heard()).toEqual([
      "1 colin sms: ALARM [1.1]",
      "1 colin sms: 1 acknowledged",
      "20 colin sms: OK [1.0]",
    ]);
  });

  it("a Twilio that stays busy does not keep the call from being tried", async () => {
    night = await openNight();
    night.twilio.person(COLIN, { call: { answersAfterSeconds: 10, presses: "1" } });
    night.twilio.fail({ on: "SendMessage", how: { busy: true, retryAfterSeconds: 45 }, times: 20 });
    await night.open(1);
    await Promise.all([escalate(), recoverAfter(20)]);
    expect((await night.told(1)).slice(0, 2)).toEqual(["1 colin sms failed", "2 colin call sent"]);
  });

  it("Twilio is busy: asked again after moments, and told once", async () => {
    night = await openNight();
    night.twilio.person(COLIN, { sms: { reply: { text: firstAlarm, afterSeconds: 20 } } });
    night.twilio.fail({ on: "SendMessage", how: { busy: true }, times: 2 });
    await night.open(1);
    const [open] = await Promise.all([escalate(), recoverAfter(20)]);
    expect(open.retries).toEqual([
      "TellContact: TransientError after 2 s",
      "TellContact: TransientError after 4 s",
    ]);
    expect(night.heard()).toEqual([
      "0 colin sms: ALARM [1.1]",
      "0 colin sms: 1 acknowledged",
      "20 colin sms: OK [1.0]",
    ]);
  });
});

describe("monitor-escalate fails, and its alarm goes another way", () => {
  it("nobody answers: after all rounds, each step once, each contact by text and then by call", async () => {
    night = await openNight();
    await night.open(1);
    const { outcome } = await escalate();
    expect(outcome).toMatchObject({
      status: "FAILED",
      error: "NobodyAnsweredError",
      cause: expect.stringContaining("nobody acknowledged incident 1: www, connection refused"),
    });
    expect(await night.told(1)).toEqual([
      "1 colin sms sent",
      "2 colin call sent",
      "3 deputy sms sent",
      "4 deputy call sent",
      "5 colin sms sent",
      "6 colin call sent",
      "7 deputy sms sent",
      "8 deputy call sent",
    ]);
    expect(night.heard()).toEqual([
      "0 colin sms: ALARM [1.1]",
      "15 deputy sms: ALARM [1.3]",
      "30 colin sms: STILL [1.5]",
      "45 deputy sms: STILL [1.7]",
    ]);
    expect([night.twilio.accepted("sms").length, night.twilio.accepted("call").length]).toEqual([4, 4]);
    const notes = (await night.incidents.notes(1)).map(({ what }) => what);
    expect(notes).toContain("everybody was told, and nobody acknowledged");
  });

  it("nobody can be told: every text and every call is refused for good", async () => {
    night = await openNight();
    night.twilio.fail({ on: "SendMessage", how: { code: 21610 }, times: 4 });
    night.twilio.fail({ on: "PlaceCall", how: { code: 21215 }, times: 4 });
    await night.open(1);
    const { outcome, retries, entered } = await escalate();
    expect(outcome).toMatchObject({ status: "FAILED", error: "NobodyToldError" });
    expect(retries).toEqual([]);
    expect(entered).not.toContain("RecordFailure"); // that it is refused is an answer
    expect(await night.told(1)).toEqual(
      ["colin sms", "colin call", "deputy sms", "deputy call"]
        .flatMap((one, at, all) => [`${at + 1} ${one} failed`, `${at + 1 + all.length} ${one} failed`])
        .sort(),
    );
    const notes = (await night.incidents.notes(1)).map(({ what }) => what);
    expect(notes).toContain("nobody could be told: see the topic's alarm");
    expect(night.heard()).toEqual([]);
  });

  it("an incident that there is not", async () => {
    night = await openNight();
    const { outcome, tasks } = await escalate();
    expect(outcome).toMatchObject({ status: "FAILED", error: "UnknownIncidentError" });
    expect(tasks).toEqual(["DecideStep"]);
  });
});
