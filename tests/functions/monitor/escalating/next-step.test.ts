import { describe, expect, it } from "@jest/globals";
import { nextStep } from "../../../../functions/monitor/escalating/next-step.ts";
import type { Acknowledgement, Incident, Told } from "../../../../functions/monitor/incident.ts";
import { monitorWith } from "../fakes/shipped-monitor.ts";

const CHECK = `www: { kind: http, url: "https://www.example.org/" }`;
const monitor = monitorWith(CHECK, "escalation: { callAfterMinutes: 5, nextAfterMinutes: 10, rounds: 2 }");
const quiet = monitorWith(CHECK).contacts;
const sleepy = {
  ...monitor,
  contacts: {
    colin: { ...quiet.colin, phone: "+16045550101", quiet: { from: "22:00", to: "07:00", timeZone: "UTC" } },
    deputy: { ...quiet.deputy, phone: "+16045550102" },
  },
};

/** Minutes after three. */
function at(minutes: number): Date {
  return new Date(Date.UTC(2026, 10, 27, 3, minutes));
}

function told(step: number, contact: string, minutes: number, outcome: Told["outcome"] = "sent"): Told {
  return { step, contact, way: step % 2 === 1 ? "sms" : "call", at: at(minutes), due: at(minutes), outcome };
}

function acknowledged(minutes: number, until: number): Acknowledgement {
  return { by: "colin", via: "sms", at: at(minutes), until: at(until), proof: `SM${minutes}` };
}

function incident(over: Partial<Incident> = {}): Incident {
  return {
    number: 12,
    check: "www",
    cause: "failing",
    openedAt: at(0),
    since: at(0),
    reason: "connection refused",
    isCritical: true,
    recoveredAt: undefined,
    acknowledgements: [],
    told: [],
    ...over,
  };
}

function inWords(subject: Incident, minutes: number, terms = monitor): string {
  const next = nextStep(subject, terms, at(minutes));
  if (next.action === "tell") return `${next.about} ${next.step} ${next.contact} ${next.way}`;
  return next.action === "wait" ? `wait ${next.seconds / 60}` : next.outcome;
}

const STEPS = [
  told(1, "colin", 0),
  told(2, "colin", 5),
  told(3, "deputy", 15),
  told(4, "deputy", 20),
  told(5, "colin", 30),
  told(6, "colin", 35),
  told(7, "deputy", 45),
  told(8, "deputy", 50),
];

describe("the order of an escalation", () => {
  it.each<[string, Partial<Incident>, number, string]>([
    ["an SMS to the first contact at once", {}, 0, "alarm 1 colin sms"],
    ["then time to answer", { told: STEPS.slice(0, 1) }, 2, "wait 3"],
    ["then a call", { told: STEPS.slice(0, 1) }, 5, "alarm 2 colin call"],
    ["then time to come to the computer", { told: STEPS.slice(0, 2) }, 6, "wait 9"],
    ["then the next contact", { told: STEPS.slice(0, 2) }, 15, "alarm 3 deputy sms"],
    ["who is called, too", { told: STEPS.slice(0, 3) }, 20, "alarm 4 deputy call"],
    ["then the first again", { told: STEPS.slice(0, 4) }, 30, "alarm 5 colin sms"],
    ["the last step is waited for as well", { told: STEPS }, 50, "nobody-answered"],
    ["a run that died long ago goes on where it was", { told: STEPS.slice(0, 2) }, 500, "alarm 3 deputy sms"],
  ])("%s", (_, over, minutes, expected) => {
    expect(inWords(incident(over), minutes)).toBe(expected);
  });
});

describe("when a step is due", () => {
  const dueOf = (over: Partial<Incident>, minutes: number) => {
    const next = nextStep(incident(over), monitor, at(minutes));
    return next.action === "tell" ? new Date(next.due) : next;
  };
  it.each<[string, Partial<Incident>, number, Date]>([
    ["the first, with the alarm, however late it is decided", {}, 3, at(0)],
    ["the next, from when the one before was taken", { told: STEPS.slice(0, 1) }, 9, at(5)],
    ["the first after a lapse, with the lapse", { acknowledgements: [acknowledged(1, 61)] }, 70, at(61)],
    ["the all-clear, with the recovery", { told: STEPS.slice(0, 1), recoveredAt: at(3) }, 9, at(3)],
    [
      "one that was begun, when it was due",
      { told: [{ ...told(1, "colin", 2, "begun"), due: at(0) }] },
      9,
      at(0),
    ],
  ])("%s", (_, over, minutes, expected) => {
    expect(dueOf(over, minutes)).toEqual(expected);
  });

  it("it is waited from when the last step was taken, not from when that was due", () => {
    const late = { ...told(1, "colin", 4), due: at(0) };
    expect(inWords(incident({ told: [late] }), 5)).toBe("wait 4");
  });

  it("it is waited for whole seconds, and never too short", () => {
    const now = new Date(at(2).getTime() + 400);
    const next = nextStep(incident({ told: STEPS.slice(0, 1) }), monitor, now);
    expect(next).toEqual({ action: "wait", seconds: 180 });
  });

  it("whatever order the record is in", () => {
    expect(inWords(incident({ told: STEPS.slice(0, 3).toReversed() }), 20)).toBe("alarm 4 deputy call");
  });
});

describe("who cannot be reached", () => {
  it("is not waited for", () => {
    expect(inWords(incident({ told: [told(1, "colin", 0, "failed")] }), 0)).toBe("alarm 2 colin call");
  });

  it("when nobody could be, that is another end than when nobody answered", () => {
    const failed = STEPS.map((step) => ({ ...step, outcome: "failed" as const }));
    expect(inWords(incident({ told: failed }), 50)).toBe("nobody-told");
    expect(inWords(incident({ told: [...failed.slice(0, 7), told(8, "deputy", 50)] }), 50)).toBe(
      "nobody-answered",
    );
  });

  it("over the hour's budget it is waited as after a message: the one about the storm went out", () => {
    expect(inWords(incident({ told: [told(1, "colin", 0, "over-budget")] }), 1)).toBe("wait 4");
  });
});

describe("how it ends in vain", () => {
  const others = STEPS.map((step) => ({ ...step, outcome: "failed" as const }));
  it("with an alarm that was over budget somebody was told, that something is wrong", () => {
    const held = [told(1, "colin", 0, "over-budget"), ...others.slice(1)];
    expect(inWords(incident({ told: held }), 60)).toBe("nobody-answered");
  });

  it("it is about the rounds since the acknowledgement lapsed, and not about those before", () => {
    const before = [told(1, "colin", 0)];
    const after = others.map((step) => ({ ...step, step: step.step + 4, at: at(300 + step.step) }));
    const acknowledgements = [acknowledged(3, 243)];
    expect(inWords(incident({ told: [...before, ...after], acknowledgements }), 400)).toBe("nobody-told");
  });
});

describe("acknowledgement", () => {
  it("a second one counts from its own end", () => {
    const acknowledgements = [acknowledged(3, 63), acknowledged(70, 130)];
    const told_ = [...STEPS.slice(0, 1), told(5, "colin", 63)];
    expect(inWords(incident({ told: told_, acknowledgements }), 129)).toBe("wait 1");
    expect(inWords(incident({ told: told_, acknowledgements }), 130)).toBe("alarm 9 colin sms");
  });

  it("stops it until it lapses", () => {
    const held = incident({ told: STEPS.slice(0, 1), acknowledgements: [acknowledged(3, 243)] });
    expect(inWords(held, 4)).toBe("wait 239");
    expect(inWords(held, 242)).toBe("wait 1");
  });

  it("once it has lapsed the rounds begin anew, with the first contact", () => {
    const lapsed = incident({ told: STEPS.slice(0, 3), acknowledgements: [acknowledged(16, 256)] });
    expect(inWords(lapsed, 256)).toBe("alarm 5 colin sms");
  });

  it("and go on from there, for as many rounds again", () => {
    const again = [...STEPS.slice(0, 3), told(5, "colin", 256), told(6, "colin", 261)];
    const lapsed = { told: again, acknowledgements: [acknowledged(16, 256)] };
    expect(inWords(incident(lapsed), 271)).toBe("alarm 7 deputy sms");
    const to = (step: number) => told(step, step % 4 < 3 && step % 4 > 0 ? "colin" : "deputy", 256 + step);
    const all = [...STEPS.slice(0, 3), ...[5, 6, 7, 8, 9, 10, 11, 12].map(to)];
    expect(inWords(incident({ ...lapsed, told: all }), 600)).toBe("nobody-answered");
  });
});

describe("recovery", () => {
  const over = { recoveredAt: at(40) };
  it.each<[string, Partial<Incident>, string]>([
    ["nobody was told, nobody needs to hear", { ...over }, "recovered"],
    ["who was told hears that it is over", { ...over, told: STEPS.slice(0, 2) }, "recovery 0 colin sms"],
    [
      "each of them",
      { ...over, told: [...STEPS.slice(0, 3), told(0, "colin", 40)] },
      "recovery 0 deputy sms",
    ],
    ["once", { ...over, told: [...STEPS.slice(0, 2), told(0, "colin", 40)] }, "recovered"],
    [
      "not who could not be told of the alarm",
      { ...over, told: [told(1, "colin", 0, "failed")] },
      "recovered",
    ],
    [
      "also after an acknowledgement that still holds",
      { ...over, told: STEPS.slice(0, 1), acknowledgements: [acknowledged(3, 243)] },
      "recovery 0 colin sms",
    ],
  ])("%s", (_, changes, expected) => {
    expect(inWords(incident(changes), 41)).toBe(expected);
  });
});

describe("quiet hours", () => {
  const minor = { isCritical: false };
  it("what is not critical goes to whoever is awake", () => {
    expect(inWords(incident(minor), 0, sleepy)).toBe("alarm 3 deputy sms");
  });

  it("what is critical wakes everybody", () => {
    expect(inWords(incident(), 0, sleepy)).toBe("alarm 1 colin sms");
  });

  it("when all sleep it waits for the first to wake", () => {
    const { colin } = sleepy.contacts;
    const all = {
      ...sleepy,
      contacts: { colin, deputy: { ...colin, quiet: { from: "00:00", to: "06:30" } } },
    };
    expect(inWords(incident(minor), 0, all)).toBe("wait 210");
    expect(inWords(incident(minor), 210, all)).toBe("alarm 3 deputy sms");
    expect(inWords(incident(minor), 240, all)).toBe("alarm 1 colin sms");
  });

  it("of contacts who sleep it waits for whoever wakes first, in whatever order they stand", () => {
    const { colin } = sleepy.contacts;
    const deputy = { ...colin, quiet: { from: "00:00", to: "08:00", timeZone: "UTC" } };
    const all = { ...sleepy, contacts: { colin, deputy } };
    expect(inWords(incident(minor), 0, all)).toBe("wait 240");
    const both = { told: [told(1, "colin", -400), told(3, "deputy", -390)], recoveredAt: at(0) };
    expect(inWords(incident({ ...minor, ...both }), 0, all)).toBe("wait 240");
  });

  it("nobody is told once more because the last of a round sleeps: he is waited for", () => {
    const { colin } = sleepy.contacts;
    const last = { ...sleepy, contacts: { deputy: { phone: "+16045550102" }, colin } };
    const taken = [1, 2, 5, 6].map((step) => told(step, "deputy", step));
    expect(inWords(incident({ ...minor, told: taken }), 60, last)).toBe("wait 180");
    expect(inWords(incident({ ...minor, told: taken }), 240, last)).toBe("alarm 7 colin sms");
  });

  it("the all-clear of what is critical wakes them", () => {
    const clear = incident({ told: [told(1, "colin", -5)], recoveredAt: at(0) });
    expect(inWords(clear, 1, sleepy)).toBe("recovery 0 colin sms");
  });

  it("the all-clear waits, too", () => {
    const clear = incident({ ...minor, told: [told(1, "colin", -400)], recoveredAt: at(0) });
    expect(inWords(clear, 1, sleepy)).toBe("wait 239");
    expect(inWords(clear, 240, sleepy)).toBe("recovery 0 colin sms");
  });
});
