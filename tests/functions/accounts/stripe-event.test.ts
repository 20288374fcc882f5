import { describe, expect, test } from "@jest/globals";
import { readStripeEvent } from "../../../functions/accounts/stripe-event.ts";
import { sampleEvent } from "./fakes/stripe.ts";

const PAYMENT = "pi_3QabcDE2eZvKYlo21RtUvWxY";
const REFUND = "re_3QabcDE2eZvKYlo21AbCdEfG";
const DISPUTE = "du_1QabcDE2eZvKYlo2HiJkLmNo";

function movementOf(body: string) {
  const reading = readStripeEvent(body);
  if (reading.state !== "movement") throw new Error(`${reading.state}: ${reading.reason}`);
  return reading.movement;
}

describe("events that move money", () => {
  const rows: [why: string, sample: string, movement: object][] = [
    [
      "a payment, on the account that its metadata names",
      "payment-succeeded",
      {
        what: "payment",
        event: "evt_3QabcDE2eZvKYlo21Pay0001",
        at: new Date("2026-11-22T04:00:00Z"),
        object: PAYMENT,
        payment: PAYMENT,
        account: "customer-1",
        currency: "usd",
        entry: { id: PAYMENT, kind: "payment", amount: 12_500_000_000_000_000_000n, on: "2026-11-22" },
      },
    ],
    [
      "a refund that succeeded at once; whose it is only the payment says",
      "refund-created",
      {
        what: "withdrawal",
        object: REFUND,
        payment: PAYMENT,
        account: undefined,
        entry: { id: REFUND, kind: "refund", amount: -10_000_000_000_000_000_000n, on: "2026-11-23" },
      },
    ],
    [
      "the same refund by another event: the same entry",
      "refund-updated",
      { what: "withdrawal", object: REFUND, entry: { id: REFUND, kind: "refund" } },
    ],
    [
      "a refund that failed after it had succeeded: what it took is given back",
      "refund-failed",
      {
        what: "return",
        object: REFUND,
        payment: PAYMENT,
        entry: {
          id: `${REFUND}:failed`,
          kind: "reversal",
          reverses: REFUND,
          amount: 10_000_000_000_000_000_000n,
          on: "2026-11-27",
        },
      },
    ],
    [
      "a dispute, whose fee is not the customer's",
      "dispute-withdrawn",
      {
        what: "withdrawal",
        object: DISPUTE,
        payment: PAYMENT,
        entry: { id: DISPUTE, kind: "refund", amount: -12_500_000_000_000_000_000n, on: "2026-12-01" },
      },
    ],
    [
      "a dispute that was won",
      "dispute-reinstated",
      {
        what: "return",
        object: DISPUTE,
        entry: {
          id: `${DISPUTE}:reinstated`,
          kind: "reversal",
          reverses: DISPUTE,
          amount: 12_500_000_000_000_000_000n,
          on: "2027-01-01",
        },
      },
    ],
  ];
  test.each(rows)("%s (%s)", (_why, sample, expected) => {
    expect(movementOf(sampleEvent(sample))).toMatchObject(expected);
  });

  test("cents become attodollars without a rounding, up to the last safe integer", () => {
    const amount = Number.MAX_SAFE_INTEGER;
    const { entry } = movementOf(sampleEvent("payment-succeeded", { amount_received: amount }));
    expect(entry.amount).toBe(90_071_992_547_409_910_000_000_000_000_000n);
  });

  test("what was received counts, not what was asked for", () => {
    const { entry } = movementOf(sampleEvent("payment-succeeded", { amount: 9999, amount_received: 500 }));
    expect(entry.amount).toBe(5_000_000_000_000_000_000n);
  });

  test("it happened when the event says, not when the customer began to pay, in UTC", () => {
    const { at, entry } = movementOf(sampleEvent("payment-succeeded", {}, { created: 1_795_391_999 }));
    expect([at.toISOString(), entry.on]).toEqual(["2026-11-22T23:59:59.000Z", "2026-11-22"]);
  });

  test("members that are not known are passed over", () => {
    expect(movementOf(sampleEvent("payment-succeeded", { brand_new: { a: [1] } }, { more: 1 })).object).toBe(
      PAYMENT,
    );
  });

  const owners: [why: string, metadata: unknown, account: string | undefined][] = [
    ["as it stands", { account: "a.b_c@d+e-f" }, "a.b_c@d+e-f"],
    ["beside others", { account: "a", order: "7" }, "a"],
    ["none", {}, undefined],
    ["no metadata", null, undefined],
    ["an empty one", { account: "" }, undefined],
    ["one that cannot be an account", { account: "a/b" }, undefined],
    ["one with a line break", { account: "a\n" }, undefined],
    ["a long one", { account: "x".repeat(65) }, undefined],
  ];
  test.each(owners)("whose it is: %s", (_why, metadata, account) => {
    expect(movementOf(sampleEvent("payment-succeeded", { metadata })).account).toBe(account);
  });
});

describe("events that do not", () => {
  const rows: [why: string, body: string, reason: RegExp][] = [
    ["of a type that we do not want", sampleEvent("customer-created"), /customer\.created/],
    [
      "of a type that is a member of every object",
      sampleEvent("customer-created", {}, { type: "constructor" }),
      /constructor/,
    ],
    ["a refund that is on its way", sampleEvent("refund-pending"), /pending/],
    ["a refund without a status", sampleEvent("refund-created", { status: null }), /null/],
    [
      "a refund that failed, as told by refund.updated: refund.failed comes as well",
      sampleEvent("refund-updated", { status: "failed" }),
      /failed/,
    ],
    [
      "a payment that is not done",
      sampleEvent("payment-succeeded", { status: "requires_capture" }),
      /requires_capture/,
    ],
    [
      "a payment of nothing, which no ledger takes",
      sampleEvent("payment-succeeded", { amount_received: 0 }),
      /nothing/,
    ],
  ];
  test.each(rows)("%s", (_why, body, reason) => {
    expect(readStripeEvent(body)).toEqual({ state: "ignored", reason: expect.stringMatching(reason) });
  });
});

describe("events that nobody can read, with the field named", () => {
  const rows: [why: string, body: string, field: string][] = [
    ["no JSON", "{", "expected object"],
    ["a list", "[]", "expected object"],
    ["no object in it", JSON.stringify({ id: "evt_1", type: "refund.created", created: 1 }), "data"],
    ["no amount", sampleEvent("payment-succeeded", { amount_received: undefined }), "amount_received"],
    [
      "an amount with a fraction",
      sampleEvent("payment-succeeded", { amount_received: 12.5 }),
      "amount_received",
    ],
    ["an amount as text", sampleEvent("payment-succeeded", { amount_received: "1250" }), "amount_received"],
    ["an amount below nothing", sampleEvent("refund-created", { amount: -1 }), "amount"],
    [
      "an amount that no double holds exactly",
      sampleEvent("payment-succeeded", { amount_received: 2 ** 53 }),
      "amount_received",
    ],
    ["an id that would not fit into a name", sampleEvent("payment-succeeded", { id: "pi_1:2" }), "id"],
    [
      "a payment that is spelt out instead of named",
      sampleEvent("refund-created", { payment_intent: {} }),
      "payment_intent",
    ],
    ["no currency", sampleEvent("dispute-withdrawn", { currency: undefined }), "currency"],
    [
      "a time in milliseconds",
      sampleEvent("payment-succeeded", {}, { created: 1_795_320_000_000 }),
      "created",
    ],
  ];
  test.each(rows)("%s", (_why, body, field) => {
    const reading = readStripeEvent(body);
    expect(reading).toEqual({ state: "unreadable", reason: expect.stringContaining(field) });
  });
});
