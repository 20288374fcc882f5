import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { recordOutcome } from "../../../functions/mail/record-outcome.ts";
import { type SesEvent, SesEventSchema } from "../../../functions/mail/ses-event.ts";
import { fakeLedger } from "./fakes/fake-ledger.ts";
import { fakeSuppressions } from "./fakes/fake-suppressions.ts";
import { type Change, sampleEvent, sesEvent } from "./fakes/ses-events.ts";

const WHO = "customer@example.net";

function scene() {
  const ports = { ledger: fakeLedger(), suppressions: fakeSuppressions() };
  return {
    ...ports,
    tell: (event: SesEvent) => recordOutcome("test", event, ports),
    send: () => ports.ledger.sends.get("key"),
    address: () => ports.suppressions.known.get(WHO),
  };
}

type Name = Parameters<typeof sesEvent>[0];
const event = (name: Name, change: Change = {}) => sesEvent(name, { key: "key", recipient: WHO, ...change });

describe("each sample, as SES sends it", () => {
  test("sent: the send is settled, and no more", async () => {
    const { tell, send, address } = scene();
    await tell(event("sent"));
    expect(send()).toEqual({ sesMessageId: expect.stringMatching(/^0100/) });
    expect(address()).toBeUndefined();
  });

  const rows: [name: Name, kind: string, at: string, reason: string][] = [
    ["delivered", "delivered", "2026-11-22T04:31:08.905Z", ""],
    ["bounced", "bounced", "2026-11-22T04:31:10.000Z", "Permanent General"],
    ["complaint", "complained", "2026-11-22T06:02:43.000Z", "abuse"],
    ["rejected", "rejected", "2026-11-22T04:31:10.000Z", "Bad content"], // has no time but the event's
  ];
  test.each(rows)(
    "%s: noted on the send, with its time, and the send is settled",
    async (name, kind, at, reason) => {
      const { tell, send, ledger } = scene();
      await tell(event(name));
      expect(send()?.outcomes).toEqual({ [kind]: { kind, at: new Date(at), reason } });
      expect(await ledger.claim("key", "m", new Date(at))).toEqual({ state: "sent" });
    },
  );
});

describe("what follows for the address", () => {
  const suppressed = { suppressed: { reason: expect.any(String), at: expect.any(Date) } };
  const counted = { transients: { count: 1, last: new Date("2026-11-22T04:31:10Z") } };
  const rows: [why: string, name: Name, facts: Record<string, unknown>, address: object | undefined][] = [
    ["the mailbox does not exist", "bounced", { bounceSubType: "NoEmail" }, suppressed],
    ["it is on a list of SES's", "bounced", { bounceSubType: "Suppressed" }, suppressed],
    ["it is on the account's own list", "bounced", { bounceSubType: "OnAccountSuppressionList" }, suppressed],
    ["a subtype that is not known here", "bounced", { bounceSubType: "Novel" }, suppressed],
    ["the mailbox is full", "bounced", { bounceType: "Transient", bounceSubType: "MailboxFull" }, counted],
    [
      "an attachment is not liked",
      "bounced",
      { bounceType: "Transient", bounceSubType: "AttachmentRejected" },
      counted,
    ],
    [
      "SES could not make it out",
      "bounced",
      { bounceType: "Undetermined", bounceSubType: "Undetermined" },
      counted,
    ],
    ["a type that is not known here", "bounced", { bounceType: "Quantum" }, counted],
    ["no type at all", "bounced", { bounceType: undefined }, counted],
    ["spam", "complaint", {}, suppressed],
    ["fraud", "complaint", { complaintFeedbackType: "fraud" }, suppressed],
    ["a virus", "complaint", { complaintFeedbackType: "virus" }, suppressed],
    ["a complaint without a word", "complaint", { complaintFeedbackType: undefined }, suppressed],
    [
      "SES did not send because of an earlier complaint",
      "complaint",
      { complaintSubType: "OnAccountSuppressionList", complaintFeedbackType: null },
      suppressed,
    ],
    ["it was taken out of the spam folder", "complaint", { complaintFeedbackType: "not-spam" }, undefined],
    ["it was delivered", "delivered", {}, undefined],
    ["SES found a virus, which is ours", "rejected", {}, undefined],
  ];
  test.each(rows)("%s (%s %j)", async (_why, name, facts, address) => {
    const told = scene();
    await told.tell(event(name, { facts }));
    expect(told.address()).toEqual(address);
    expect(told.send()?.sesMessageId).toBeDefined();
  });

  test("a complaint names everybody in the domain: the mail's own recipient is meant", async () => {
    const { tell, suppressions } = scene();
    const complainedRecipients = [{ emailAddress: "other@example.net" }, { emailAddress: WHO }];
    await tell(event("complaint", { facts: { complainedRecipients } }));
    expect([...suppressions.known.keys()]).toEqual([WHO]);
  });

  test("a bounce of the address that mail was forwarded to is the recipient's", async () => {
    const { tell, suppressions } = scene();
    await tell(event("bounced", { facts: { bouncedRecipients: [{ emailAddress: "beyond@example.com" }] } }));
    expect([...suppressions.known.keys()]).toEqual([WHO]);
  });
});

describe("events that are passed over", () => {
  const rows: [why: string, change: (event: ReturnType<typeof sampleEvent>) => void][] = [
    ["of mail without our tag", ({ detail }) => delete detail.mail.tags["nightshift-send"]],
    ["of mail without any tag", ({ detail }) => delete detail.mail.tags],
    [
      "of another stage",
      ({ detail }) => Object.assign(detail.mail.tags, { "ses:configuration-set": ["nightshift-prod"] }),
    ],
    ["of no configuration set", ({ detail }) => delete detail.mail.tags["ses:configuration-set"]],
    [
      "of a type that is not known here",
      ({ detail }) => Object.assign(detail, { eventType: "DeliveryDelay" }),
    ],
  ];
  test.each(rows)("%s", async (_why, change) => {
    const { tell, ledger, suppressions } = scene();
    const raw = sampleEvent("bounced", { key: "key" });
    change(raw);
    await tell(SesEventSchema.parse(raw));
    expect([ledger.sends.size, suppressions.known.size]).toEqual([0, 0]);
  });
});

describe("events that are odd, and taken", () => {
  const rows: [
    why: string,
    change: (event: ReturnType<typeof sampleEvent>) => void,
    isSuppressed: boolean,
  ][] = [
    ["fields that nobody knows", (raw) => Object.assign(raw.detail.bounce, { novel: { a: [1] } }), true],
    [
      "a time with another offset",
      (raw) => Object.assign(raw.detail.bounce, { timestamp: "2026-11-22T05:31:10+01:00" }),
      true,
    ],
    ["no time but the event's", (raw) => delete raw.detail.bounce.timestamp, true],
    ["no facts about the bounce", (raw) => delete raw.detail.bounce, false],
  ];
  test.each(rows)("%s", async (_why, change, isSuppressed) => {
    const { tell, send, suppressions } = scene();
    const raw = sampleEvent("bounced", { key: "key", recipient: WHO });
    change(raw);
    await tell(SesEventSchema.parse(raw));
    const at = raw.detail.bounce?.timestamp === undefined ? "2026-11-22T04:31:11Z" : "2026-11-22T04:31:10Z";
    expect(send()?.outcomes?.bounced?.at).toEqual(new Date(at));
    expect(await suppressions.isSuppressed(WHO)).toBe(isSuppressed);
  });

  test("no recipient: the send is settled all the same", async () => {
    const { tell, send, suppressions } = scene();
    const raw = sampleEvent("bounced", { key: "key" });
    delete raw.detail.mail.destination;
    await tell(SesEventSchema.parse(raw));
    expect(send()?.outcomes?.bounced).toBeDefined();
    expect(suppressions.known.size).toBe(0);
  });
});

test("in any order, and each up to three times, the same is known in the end", async () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 5, minute)).toISOString();
  const events = [
    event("sent"),
    event("delivered", { facts: { timestamp: at(1) } }),
    event("bounced", { facts: { timestamp: at(2) } }),
    event("complaint", { facts: { timestamp: at(9) } }),
    event("bounced", { key: "older", facts: { timestamp: at(0) } }),
    event("complaint", { key: "older", facts: { timestamp: at(3), complaintFeedbackType: "not-spam" } }),
  ];
  const ends = async (order: readonly SesEvent[]) => {
    const { tell, ledger, address } = scene();
    for (const one of order) await tell(one);
    const outcomes = [...ledger.sends].map(([key, send]) => [key, send.outcomes]);
    return { outcomes: Object.fromEntries(outcomes), address: address() };
  };
  const expected = await ends(events);
  expect(expected.address).toEqual({ suppressed: { reason: "complained abuse", at: new Date(at(9)) } });
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([...events, ...events, ...events], { minLength: 3 * events.length }),
      async (order) => expect(await ends(order)).toEqual(expected),
    ),
  );
});
