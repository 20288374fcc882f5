import { beforeEach, describe, expect, test } from "@jest/globals";
import { attodollars } from "#ledger";
import { receivePayment } from "../../../functions/accounts/receive-payment.ts";
import type { WebhookRequest } from "../../../functions/accounts/webhook-request.ts";
import { fakeEntries, fakeLog, fakePayments } from "./fakes/fake-desk.ts";
import { SECRET, sampleEvent, signature, signedRequest } from "./fakes/stripe.ts";

const NOW = new Date("2026-11-22T04:00:03Z");
const DAY = 86_400_000;
const LOST = Object.assign(new Error("socket hang up"), { name: "TimeoutError" });

const PAID = "pi_3QabcDE2eZvKYlo21RtUvWxY customer-1 payment 12500000000000000000";
const REFUNDED = "re_3QabcDE2eZvKYlo21AbCdEfG customer-1 refund -10000000000000000000";
const REFUND_FAILED = "re_3QabcDE2eZvKYlo21AbCdEfG:failed customer-1 reversal 10000000000000000000";
const DISPUTED = "du_1QabcDE2eZvKYlo2HiJkLmNo customer-1 refund -12500000000000000000";
const REINSTATED = "du_1QabcDE2eZvKYlo2HiJkLmNo:reinstated customer-1 reversal 12500000000000000000";

let entries: ReturnType<typeof fakeEntries>;
let payments: ReturnType<typeof fakePayments>;
let told: ReturnType<typeof fakeLog>;
let secrets: string[];
beforeEach(() => {
  [entries, payments, told, secrets] = [fakeEntries(), fakePayments(), fakeLog(), [SECRET]];
});

async function receive(request: WebhookRequest, now = NOW) {
  const { statusCode, headers, body } = await receivePayment(request, {
    ...{ entries, payments, now, log: told.log, secrets: { read: async () => secrets } },
    minimum: attodollars(5_000_000_000_000_000_000n),
  });
  return { statusCode, headers, body: JSON.parse(body) };
}

/** Lets Stripe send an event at its own time. */
const send = (name: string, object: object = {}, now = NOW) =>
  receive(signedRequest(sampleEvent(name, { ...object }), now), now).then(({ statusCode }) => statusCode);

describe("who is not Stripe is refused with a word, and nothing is done", () => {
  const body = sampleEvent("payment-succeeded");
  const good = signedRequest(body, NOW);
  const header = (text: string) => ({ ...good, headers: { "stripe-signature": text } });
  const rows: [why: string, request: WebhookRequest, status: number, error: string][] = [
    ["no signature", { ...good, headers: {} }, 400, "bad signature"],
    ["a signature that is none", header("nonsense"), 400, "bad signature"],
    ["signed with another secret", signedRequest(body, NOW, "whsec_guess"), 400, "bad signature"],
    ["another body than was signed", { ...good, body: body.replace("1250", "9950") }, 400, "bad signature"],
    [
      "the same JSON, written otherwise",
      { ...good, body: JSON.stringify(JSON.parse(body)) },
      400,
      "bad signature",
    ],
    ["a body that only claims to be base64", { ...good, isBase64Encoded: true }, 400, "bad signature"],
    ["recorded six minutes ago", signedRequest(body, new Date(NOW.getTime() - 360_000)), 400, "too old"],
    [
      "forged and old: the forgery counts",
      signedRequest(body, new Date(0), "whsec_guess"),
      400,
      "bad signature",
    ],
    ["signed, but no event", signedRequest("Hello", NOW), 400, "not understood"],
    [
      "an empty request, as from a browser",
      { headers: {}, body: "", isBase64Encoded: false },
      400,
      "bad signature",
    ],
    ["more than anybody looks at", signedRequest("x".repeat(256 * 1024 + 1), NOW), 413, "too large"],
  ];
  test.each(rows)("%s", async (_why, request, statusCode, error) => {
    expect(await receive(request)).toMatchObject({ statusCode, body: { error } });
    expect([entries.list(), payments.records.size]).toEqual([[], 0]);
  });

  test("what Stripe signed and nobody can read is not passed over in silence", async () => {
    await receive(signedRequest(sampleEvent("payment-succeeded", { amount_received: "1250" }), NOW));
    expect(told.metrics).toEqual(["PaymentUnreadable"]);
  });
});

describe("a request of Stripe's", () => {
  test("is answered in JSON, and a payment becomes an entry", async () => {
    const answer = await receive(signedRequest(sampleEvent("payment-succeeded"), NOW));
    expect(answer).toEqual({
      statusCode: 200,
      headers: { "content-type": "application/json" },
      body: { received: true },
    });
    expect(entries.list()).toEqual([PAID]);
    expect([...entries.executions.values()][0]?.at).toEqual(new Date("2026-11-22T04:00:00Z"));
    expect(told.metrics).toEqual([]);
  });

  test("may come in base64: the bytes behind it are what was signed", async () => {
    const body = sampleEvent("payment-succeeded", { description: "für 12,50 $" });
    const request = {
      headers: { "stripe-signature": signature(body, NOW) },
      body: Buffer.from(body).toString("base64"),
      isBase64Encoded: true,
    };
    expect((await receive(request)).statusCode).toBe(200);
    expect(entries.list()).toEqual([PAID]);
  });

  test("may be of exactly the largest size", async () => {
    const body = sampleEvent("payment-succeeded");
    const padded = body + " ".repeat(256 * 1024 - Buffer.byteLength(body));
    expect((await receive(signedRequest(padded, NOW))).statusCode).toBe(200);
  });

  test("may be signed with the secret that is being replaced", async () => {
    secrets = ["whsec_new", SECRET];
    expect(await send("payment-succeeded")).toBe(200);
  });

  test("about nothing of ours is received and forgotten", async () => {
    expect([await send("customer-created"), await send("refund-pending")]).toEqual([200, 200]);
    expect([entries.list(), payments.records.size, told.metrics]).toEqual([[], 0, []]);
  });
});

describe("money that nobody expected raises an alarm, and Stripe need not send it again", () => {
  const rows: [why: string, sample: string, object: object, metrics: string[], booked: string[]][] = [
    ["a payment for no account", "payment-succeeded", { metadata: {} }, ["PaymentUnassigned"], []],
    [
      "a payment for what is no account",
      "payment-succeeded",
      { metadata: { account: "a b" } },
      ["PaymentUnassigned"],
      [],
    ],
    ["a payment in euros", "payment-succeeded", { currency: "eur" }, ["PaymentInOtherCurrency"], []],
    ["a refund in euros", "refund-created", { currency: "eur" }, ["PaymentInOtherCurrency"], []],
    ["a refund of no payment", "refund-created", { payment_intent: null }, ["PaymentUnassigned"], []],
    [
      "a payment of $4.99: it is there, so it is booked",
      "payment-succeeded",
      { amount_received: 499 },
      ["PaymentBelowMinimum"],
      ["pi_3QabcDE2eZvKYlo21RtUvWxY customer-1 payment 4990000000000000000"],
    ],
  ];
  test.each(rows)("%s", async (_why, sample, object, metrics, booked) => {
    expect(await send(sample, object)).toBe(200);
    expect([told.metrics, entries.list()]).toEqual([metrics, booked]);
    expect(told.errors).toHaveLength(1);
  });

  test("exactly the minimum is nothing to speak of", async () => {
    await send("payment-succeeded", { amount_received: 500 });
    expect(told.metrics).toEqual([]);
  });

  test("a payment that stood for another account is booked on neither a second time", async () => {
    await send("payment-succeeded");
    expect(await send("payment-succeeded", { metadata: { account: "customer-2" } })).toBe(200);
    expect([entries.list(), told.metrics]).toEqual([[PAID], ["PaymentUnassigned"]]);
  });

  test("a refund of a payment for nobody is for nobody, too", async () => {
    await send("payment-succeeded", { metadata: {} });
    expect(await send("refund-created")).toBe(200);
    expect([entries.list(), told.metrics]).toEqual([[], ["PaymentUnassigned", "PaymentUnassigned"]]);
  });
});

describe("events in any order, and more than once", () => {
  const ANY: [why: string, order: string[], statuses: number[], booked: string[]][] = [
    ["as they happened", ["payment-succeeded", "refund-created"], [200, 200], [PAID, REFUNDED]],
    [
      "a refund before its payment is sent again",
      ["refund-created", "payment-succeeded", "refund-created"],
      [503, 200, 200],
      [PAID, REFUNDED],
    ],
    ["a payment twice", ["payment-succeeded", "payment-succeeded"], [200, 200], [PAID]],
    [
      "a refund by two events, each twice",
      ["payment-succeeded", "refund-updated", "refund-created", "refund-updated", "refund-created"],
      [200, 200, 200, 200, 200],
      [PAID, REFUNDED],
    ],
    [
      "a refund that was on its way, succeeded, and failed after all",
      ["payment-succeeded", "refund-pending", "refund-updated", "refund-failed", "refund-failed"],
      [200, 200, 200, 200, 200],
      [PAID, REFUNDED, REFUND_FAILED],
    ],
    [
      "a refund that never succeeded: nothing was taken, nothing is given back",
      ["payment-succeeded", "refund-pending", "refund-failed"],
      [200, 200, 200],
      [PAID],
    ],
    [
      "the failure heard of before the success: neither is booked",
      ["payment-succeeded", "refund-failed", "refund-updated", "refund-failed"],
      [200, 200, 200, 200],
      [PAID],
    ],
    [
      "a dispute lost and won again",
      ["payment-succeeded", "dispute-withdrawn", "dispute-reinstated", "dispute-withdrawn"],
      [200, 200, 200, 200],
      [PAID, DISPUTED, REINSTATED],
    ],
    [
      "a dispute all of whose events come before the payment",
      [
        "dispute-reinstated",
        "dispute-withdrawn",
        "payment-succeeded",
        "dispute-reinstated",
        "dispute-withdrawn",
      ],
      [503, 503, 200, 200, 200],
      [PAID],
    ],
  ];
  test.each(ANY)("%s", async (_why, order, statuses, booked) => {
    const answered: number[] = [];
    for (const name of order) answered.push(await send(name));
    expect([answered, entries.list(), told.metrics]).toEqual([statuses, booked, []]);
  });

  test("a refund that names its account itself waits for no payment", async () => {
    expect(await send("refund-created", { metadata: { account: "customer-1" } })).toBe(200);
    expect(entries.list()).toEqual([REFUNDED]);
  });

  test("where both speak, the payment says whose it is", async () => {
    await send("payment-succeeded");
    await send("refund-created", { metadata: { account: "customer-2" } });
    expect(entries.list()).toEqual([PAID, REFUNDED]);
  });

  test("a refund that waits is asked for again; after a day somebody is told, while it goes on waiting", async () => {
    const { statusCode, headers } = await receive(signedRequest(sampleEvent("refund-created"), NOW));
    expect([statusCode, headers["retry-after"], told.metrics]).toEqual([503, "60", []]);
    const late = new Date("2026-11-23T04:00:00Z");
    expect(await send("refund-created", {}, new Date(late.getTime() + DAY))).toBe(503);
    expect(told.metrics).toEqual([]);
    expect(await send("refund-created", {}, new Date(late.getTime() + DAY + 1))).toBe(503);
    expect(told.metrics).toEqual(["PaymentUnassigned"]);
  });
});

describe("something dies", () => {
  const rows: [why: string, strike: () => void][] = [
    ["the table cannot be reached", () => (payments.trouble = LOST)],
    ["between the table and the ledger", () => (entries.trouble = { error: LOST, when: "before" })],
    [
      "the execution started, and the answer was lost",
      () => (entries.trouble = { error: LOST, when: "after" }),
    ],
  ];
  test.each(rows)("%s: Stripe sends again, and it is booked once", async (_why, strike) => {
    strike();
    const first = await receive(signedRequest(sampleEvent("payment-succeeded"), NOW));
    expect([first.statusCode, first.headers["retry-after"]]).toEqual([503, "60"]);
    expect(first.body).toEqual({ error: "not now" }); // no detail for whoever asks
    expect(told.metrics).toEqual(["PaymentDeferred"]);
    expect(await send("payment-succeeded")).toBe(200);
    expect(entries.list()).toEqual([PAID]);
  });

  test.each(rows)("%s: so does a refund, and its failure", async (_why, strike) => {
    await send("payment-succeeded");
    for (const name of ["refund-created", "refund-failed"]) {
      strike();
      expect([await send(name), await send(name)]).toEqual([503, 200]);
    }
    expect(entries.list()).toEqual([PAID, REFUNDED, REFUND_FAILED]);
  });

  test("there is no secret: the payment waits, and nobody is told that he is Stripe", async () => {
    const failing = { read: async () => Promise.reject(new Error("no secret")) };
    const answer = await receivePayment(signedRequest(sampleEvent("payment-succeeded"), NOW), {
      ...{ entries, payments, now: NOW, log: told.log, secrets: failing, minimum: undefined },
    });
    expect(answer.statusCode).toBe(503);
    expect([entries.list(), told.metrics]).toEqual([[], ["PaymentDeferred"]]);
  });
});
