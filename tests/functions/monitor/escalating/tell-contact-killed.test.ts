import { describe, expect, it } from "@jest/globals";
import { nextStep } from "../../../../functions/monitor/escalating/next-step.ts";
import { type ContactDesk, tellContact } from "../../../../functions/monitor/escalating/tell-contact.ts";
import type { Incident } from "../../../../functions/monitor/incident.ts";
import { dying, type Kill, PowerFailure, pointsUpTo } from "../fakes/dying.ts";
import { fakeIncidents } from "../fakes/fake-incidents.ts";
import { fakePhone } from "../fakes/fake-phone.ts";
import { sampleIncident, sampleMonitor } from "../fakes/sample-monitor.ts";
import { fakeOutbox } from "../telling/fakes/fake-outbox.ts";
import { fakeBudget } from "../telling/fakes/fake-records.ts";

/*
 * A run is killed before or after each call that it makes; the next one goes on. Whoever was sent the alarm must be sent
 * the all-clear, each once, and the record must say what was sent: no more, and no less.
 */

const OPENED = new Date("2026-11-27T03:00:00Z");
const monitor = sampleMonitor({ contacts: { colin: { phone: "+16045550101" } } });

/** An incident, and an escalation of it that dies now and then. */
class Escalation {
  readonly phone = fakePhone();
  readonly #desk: ContactDesk;
  #now = OPENED;
  #runs = 0;
  readonly calls: string[][] = [];
  readonly #kills: readonly Kill[];

  constructor(kills: readonly Kill[]) {
    this.#kills = kills;
    const incidents = fakeIncidents();
    const records = { incidents, outbox: fakeOutbox(), budget: fakeBudget() };
    this.#desk = { monitor, phone: this.phone, messagesPerHour: 30, ...records };
  }

  open(): Promise<void> {
    return this.#desk.incidents.open(sampleIncident({ number: 1, openedAt: OPENED }));
  }

  recover(): Promise<void> {
    return this.#desk.incidents.recover(1, this.#now, "200 OK");
  }

  async read(): Promise<Incident> {
    return (await this.#desk.incidents.read(1)) as Incident;
  }

  /** Takes the next step, once. Answers whether there was none to take. */
  async run(): Promise<boolean> {
    const next = nextStep(await this.read(), monitor, this.#now);
    if (next.action !== "tell") return true;
    const { ports, calls } = dying(this.#desk, this.#kills[this.#runs]);
    this.#runs += 1;
    this.calls.push(calls);
    await tellContact(1, next, this.#now, { ...ports, monitor }).catch((error: Error) => {
      if (!(error instanceof PowerFailure) && error.name !== "TellInDoubtError") throw error;
    });
    this.#now = new Date(this.#now.getTime() + 10_000);
    return false;
  }

  async runToTheEnd(): Promise<void> {
    for (let runs = 0; runs < 40; runs += 1) if (await this.run()) return;
    throw new Error("it does not come to an end");
  }

  async told(): Promise<string[]> {
    const { told } = await this.read();
    return told.map(({ step, outcome }) => `${step} ${outcome}`);
  }

  sent(): string[] {
    return this.phone.sent.map(({ text }) => text.split(" ")[0] ?? "");
  }
}

async function escalated(kills: readonly Kill[], recoversAfterRun?: number): Promise<Escalation> {
  const escalation = new Escalation(kills);
  await escalation.open();
  if (recoversAfterRun === undefined) await escalation.runToTheEnd();
  else for (let run = 0; run < recoversAfterRun; run += 1) await escalation.run();
  await escalation.recover();
  await escalation.runToTheEnd();
  return escalation;
}

const undisturbed = await escalated([]);
const callsOf = (run: number) => pointsUpTo(undisturbed.calls[run]?.length ?? 0);

describe("an escalation whose runs die", () => {
  it("undisturbed: an alarm, then an all-clear", async () => {
    expect(undisturbed.sent()).toEqual(["ALARM", "OK"]);
    expect(await undisturbed.told()).toEqual(["1 sent", "0 sent"]);
    expect(undisturbed.calls.map((calls) => calls.length > 5)).toEqual([true, true]);
  });

  it.each(callsOf(0))(
    "at the alarm, $when call $at: told once, on record, and the all-clear follows",
    async (kill) => {
      const escalation = await escalated([kill]);
      expect(escalation.sent()).toEqual(["ALARM", "OK"]);
      expect(await escalation.told()).toEqual(["1 sent", "0 sent"]);
    },
  );

  it.each(callsOf(1))("at the all-clear, $when call $at: told once", async (kill) => {
    const alive: Kill = { at: 99, when: "before" };
    const escalation = await escalated([alive, kill]);
    expect(escalation.sent()).toEqual(["ALARM", "OK"]);
    expect(await escalation.told()).toEqual(["1 sent", "0 sent"]);
  });

  it.each(callsOf(0))(
    "at the alarm, $when call $at, and it is over at once: all-clear to whoever was told, and to no other",
    async (kill) => {
      const escalation = await escalated([kill], 1);
      const isSent = escalation.sent().includes("ALARM");
      expect(escalation.sent()).toEqual(isSent ? ["ALARM", "OK"] : []);
      const told = await escalation.told();
      expect(told.filter((one) => one.endsWith("begun"))).toEqual([]);
      expect(told.includes("1 sent")).toBe(isSent);
    },
  );

  it("twice at the alarm: told once", async () => {
    for (const first of callsOf(0))
      for (const second of callsOf(0)) {
        const escalation = await escalated([first, second]);
        expect({ first, second, sent: escalation.sent() }).toEqual({ first, second, sent: ["ALARM", "OK"] });
      }
  });
});
