import { afterEach, describe, expect, test } from "@jest/globals";
import type { WebhookAnswer } from "../../../../functions/accounts/webhook-request.ts";
import { listExecutions } from "../../../../local/engine/execution-store.ts";
import { type Bank, openBank } from "../fakes/open-bank.ts";
import { sampleAccount } from "../fakes/sample-account.ts";
import { SECRET, sampleEvent, signedRequest } from "../fakes/stripe.ts";

const PAYMENT = "pi_3QabcDE2eZvKYlo21RtUvWxY";
const REFUND = "re_3QabcDE2eZvKYlo21AbCdEfG";
const SECRETS = "/nightshift/rehearsal/stripe/webhook-secret";
const CALLER = "nightshift-rehearsal-accounts-receive-payment";

let bank: Bank;
afterEach(() => bank.close());

async function openShop(...faults: string[]): Promise<void> {
  bank = await openBank(...faults);
  await bank.put(sampleAccount());
  await bank.setParameter(SECRETS, SECRET);
}

async function send(sample: string, object: Record<string, unknown> = {}, secret = SECRET): Promise<number> {
  const request = signedRequest(sampleEvent(sample, object), bank.theatre.stage.clock.now(), secret);
  const answer = (await bank.call("receive-payment", { ...request, rawPath: "/" })) as WebhookAnswer;
  await bank.theatre.stage.started();
  return answer.statusCode;
}

const callsOf = () =>
  bank.theatre.stage.cloud
    .calls()
    .filter(({ caller }) => caller === CALLER)
    .map(({ operation, error }) => (error === undefined ? operation : `${operation} ${error}`));

/** By name, which puts a payment before its refund, and that before its reversal. */
const executions = () =>
  listExecutions(bank.theatre.stage.executionsFolder).sort((a, b) => (a.name < b.name ? -1 : 1));

describe("from Stripe's request to the ledger", () => {
  test("a payment is booked by an execution that is named like it", async () => {
    await openShop();
    expect(await send("payment-succeeded")).toBe(200);
    expect(executions()).toMatchObject([
      {
        name: PAYMENT,
        machine: "billing-entry",
        input: {
          account: "customer-1",
          entry: { id: PAYMENT, kind: "payment", amount: "12500000000000000000", on: "2026-11-22" },
          time: "2026-11-22T04:00:00.000Z",
        },
      },
    ]);
    expect(await bank.account("customer-1")).toMatchObject({
      balance: 17_500_000_000_000_000_000n,
      entries: { [PAYMENT]: { kind: "payment", amount: 12_500_000_000_000_000_000n, on: "2026-11-22" } },
    });
    expect(callsOf()).toEqual(["GetParameter", "PutItem", "GetCallerIdentity", "StartExecution"]);
  });

  test("twice, and by two events: one execution, one entry", async () => {
    await openShop();
    for (const name of ["payment-succeeded", "payment-succeeded", "refund-created", "refund-updated"])
      expect(await send(name)).toBe(200);
    expect(executions().map(({ name }) => name)).toEqual([PAYMENT, REFUND]);
    expect((await bank.account("customer-1"))?.balance).toBe(7_500_000_000_000_000_000n);
    expect(callsOf().filter((call) => call.endsWith("ExecutionAlreadyExists"))).toHaveLength(2);
  });

  test("a refund before its payment waits; one that failed is reversed under a name that is allowed", async () => {
    await openShop();
    const order = ["refund-created", "payment-succeeded", "refund-created", "refund-failed"];
    const answered: number[] = [];
    for (const name of order) answered.push(await send(name));
    expect(answered).toEqual([503, 200, 200, 200]);
    expect(executions().map(({ name, status }) => `${name} ${status}`)).toEqual([
      `${PAYMENT} SUCCEEDED`,
      `${REFUND} SUCCEEDED`,
      `${REFUND}-failed SUCCEEDED`,
    ]);
    const account = await bank.account("customer-1");
    expect(account?.balance).toBe(17_500_000_000_000_000_000n);
    expect(account?.entries[`${REFUND}:failed`]).toMatchObject({ kind: "reversal", reverses: REFUND });
  });

  test("below the fleet's minimum: booked, and told", async () => {
    await openShop();
    expect(await send("payment-succeeded", { amount_received: 499 })).toBe(200);
    expect((await bank.account("customer-1"))?.balance).toBe(9_990_000_000_000_000_000n);
    expect(bank.metrics()).toEqual([`PaymentBelowMinimum ${CALLER}`]);
  });
});

describe("secrets", () => {
  test("a forgery costs no more than one look at Parameter Store a minute", async () => {
    await openShop();
    for (const secret of ["whsec_1", "whsec_2", "whsec_3"])
      expect(await send("payment-succeeded", {}, secret)).toBe(400);
    expect(callsOf()).toEqual(["GetParameter"]);
    expect(executions()).toEqual([]);
  });

  test("one that was replaced is known within a minute; until Stripe drops the old one, both are", async () => {
    await openShop();
    await send("payment-succeeded");
    await bank.setParameter(SECRETS, `whsec_new\n${SECRET}\n`);
    bank.theatre.stage.clock.advance(60_000);
    expect([await send("payment-succeeded", {}, "whsec_new"), await send("payment-succeeded")]).toEqual([
      200, 200,
    ]);
  });

  test.each([[" \n "], [undefined]])("%j: no payment can be taken, and Stripe sends again", async (value) => {
    bank = await openBank();
    if (value !== undefined) await bank.setParameter(SECRETS, value);
    expect(await send("payment-succeeded")).toBe(503);
    expect(bank.metrics()).toEqual([`PaymentDeferred ${CALLER}`]);
    await bank.setParameter(SECRETS, SECRET);
    await bank.put(sampleAccount());
    expect(await send("payment-succeeded")).toBe(200);
  });
});

describe("AWS stumbles: Stripe is told to send again, and it is booked once", () => {
  test.each([
    ["ssm:GetParameter:InternalServerError"],
    ["dynamodb:PutItem:ProvisionedThroughputExceededException"],
    ["sts:GetCallerIdentity:Throttling"],
    ["states:StartExecution:ServiceUnavailable"],
    ["states:StartExecution:ExecutionLimitExceeded"],
  ])("%s", async (fault) => {
    await openShop(fault);
    expect([await send("payment-succeeded"), await send("payment-succeeded")]).toEqual([503, 200]);
    expect((await bank.account("customer-1"))?.balance).toBe(17_500_000_000_000_000_000n);
  });

  test("the answer of StartExecution is lost after the execution began", async () => {
    await openShop();
    const { door } = bank.theatre.power;
    door.onCall = async ({ operation }, phase) => {
      if (operation !== "StartExecution" || phase !== "after") return;
      door.onCall = async () => undefined;
      throw new Error("the line is cut");
    };
    expect([await send("payment-succeeded"), await send("payment-succeeded")]).toEqual([503, 200]);
    expect(executions()).toHaveLength(1);
    expect((await bank.account("customer-1"))?.balance).toBe(17_500_000_000_000_000_000n);
  });
});
