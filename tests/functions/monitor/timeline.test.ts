import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Incident } from "../../../functions/monitor/incident.ts";
import { timelineOf } from "../../../functions/monitor/timeline.ts";

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 27, 3, 0) + minutes * 60_000);

const INCIDENT: Incident = {
  number: 12,
  check: "mail",
  cause: "failing",
  openedAt: at(0),
  since: at(0),
  reason: "connection refused",
  isCritical: true,
  recoveredAt: undefined,
  acknowledgements: [],
  told: [],
};

/** What happened, with the minute of each. */
function told(change: Partial<Incident>, notes: { at: Date; what: string }[] = []): string[] {
  const events = timelineOf({ ...INCIDENT, ...change }, notes);
  return events.map((event) => `${(event.at.getTime() - at(0).getTime()) / 60_000} ${event.what}`);
}

test("a whole incident, in order", () => {
  expect(
    told(
      {
        told: [
          { step: 2, contact: "colin", way: "call", at: at(5), due: at(5), outcome: "sent" },
          { step: 1, contact: "colin", way: "sms", at: at(0), due: at(0), outcome: "sent" },
          { step: 0, contact: "colin", way: "sms", at: at(18), due: at(18), outcome: "sent" },
        ],
        acknowledgements: [{ by: "colin", via: "call", at: at(6), until: at(246), proof: "CA1/12" }],
        recoveredAt: at(18),
      },
      [{ at: at(1), what: "SMS to colin: delivered" }],
    ),
  ).toEqual([
    "0 alarm: connection refused",
    "0 colin told by SMS",
    "1 SMS to colin: delivered",
    "5 colin told by a call",
    "6 colin acknowledged it in a call, for 4 h",
    "18 recovered after 18 min",
    "18 colin told by SMS that it is over",
  ]);
});

describe("each kind of event is a sentence", () => {
  const step = { step: 1, contact: "colin", way: "sms", at: at(1), due: at(1) } as const;
  const ack = { by: "deputy", at: at(1), proof: "p" } as const;
  test.each<[string, Partial<Incident>, string]>([
    ["flapping", { cause: "flapping", reason: "came and went 6 times" }, "0 alarm: it came and went 6 times"],
    [
      "the monitor itself",
      { cause: "impaired", check: "monitor" },
      "0 alarm: the monitor itself is impaired: connection refused",
    ],
    [
      "over budget",
      { told: [{ ...step, outcome: "over-budget" }] },
      "1 colin not told, since the hour's messages were used up, by SMS",
    ],
    [
      "in vain",
      { told: [{ ...step, outcome: "failed", way: "call" }] },
      "1 colin could not be told by a call",
    ],
    [
      "by SMS",
      { acknowledgements: [{ ...ack, via: "sms", until: at(31) }] },
      "1 deputy acknowledged it by SMS, for 30 min",
    ],
    [
      "by us",
      { acknowledgements: [{ ...ack, via: "cli", until: at(1501) }] },
      "1 deputy acknowledged it at the command line, for 1 d 1 h",
    ],
    ["at once", { recoveredAt: at(0) }, "0 recovered after 0 min"],
    ["in hours", { recoveredAt: at(125) }, "125 recovered after 2 h 5 min"],
    ["in days", { recoveredAt: at(1440 + 7) }, "1447 recovered after 1 d"],
  ])("%s", (_, change, sentence) => {
    expect(told(change)).toContain(sentence);
  });
});

test("a step in vain that a note explains is told once, by the note", () => {
  const step = { step: 1, contact: "colin", way: "sms", at: at(2), due: at(2), outcome: "failed" } as const;
  expect(told({ told: [step] }, [{ at: at(2), what: "colin not told by sms: Twilio 21211" }])).toEqual([
    "0 alarm: connection refused",
    "2 colin not told by sms: Twilio 21211",
  ]);
  const another = [{ at: at(2), what: "deputy not told by sms: Twilio 21211" }];
  expect(told({ told: [step] }, another)).toContain("2 colin could not be told by SMS");
});

test("nothing that happened is lost, and time never goes back", () => {
  const minutes = fc.integer({ min: 0, max: 99 }).map(at);
  fc.assert(
    fc.property(fc.array(minutes), fc.array(minutes), fc.array(minutes), (steps, acks, notes) => {
      const events = timelineOf(
        {
          ...INCIDENT,
          told: steps.map((at, step) => ({
            step,
            contact: "colin",
            way: "sms",
            at,
            due: at,
            outcome: "sent",
          })),
          acknowledgements: acks.map((at) => ({ by: "colin", via: "sms", at, until: at, proof: "p" })),
        },
        notes.map((at) => ({ at, what: "a note" })),
      );
      expect(events).toHaveLength(1 + steps.length + acks.length + notes.length);
      const times = events.map(({ at }) => at.getTime());
      expect(times).toEqual(times.toSorted((one, other) => one - other));
    }),
  );
});
