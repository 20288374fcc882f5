import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Fault } from "../../../local/twilio/contract.ts";
import { type FakeAccount, openFakeAccount, SMS, THEIRS } from "./fake-account.ts";

let account: FakeAccount;
beforeEach(async () => {
  account = await openFakeAccount();
});
afterEach(async () => {
  await account.twilio.settled();
  await account.twilio.close();
});

const send = () =>
  account.post("Messages", Object.entries(SMS)).then(
    ({ status, json }) => `${status} ${json.code ?? json.status}`,
    (error: Error) => error.name,
  );

describe("a request that goes wrong, and the one after it", () => {
  it.each<[why: string, how: Fault["how"], answer: string, accepted: number]>([
    ["a code", { code: 21408 }, "400 21408", 0],
    ["a wrong token", { code: 20003 }, "401 20003", 0],
    ["too many", { busy: true }, "429 20429", 0],
    ["an error, not carried out", { status: 502, when: "before" }, "SyntaxError", 0],
    ["an error, carried out", { status: 502, when: "after" }, "SyntaxError", 1],
    ["the connection breaks, not carried out", { reset: "before" }, "TypeError", 0],
    ["the connection breaks, carried out", { reset: "after" }, "TypeError", 1],
  ])("%s", async (_why, how, answer, accepted) => {
    account.twilio.fail({ on: "SendMessage", how });
    expect(await send()).toBe(answer);
    expect(account.twilio.accepted("sms")).toHaveLength(accepted);
    expect(await send()).toBe("201 queued");
    await account.twilio.settled();
    expect(account.twilio.heard(THEIRS)).toHaveLength(accepted + 1);
  });

  it.each([
    ["before", 0],
    ["after", 1],
  ] as const)("silence %s it is carried out: the caller gives up by itself", async (silence, accepted) => {
    account.twilio.fail({ on: "SendMessage", how: { silence } });
    const patience = new AbortController();
    account.twilio.onSilence = () => patience.abort();
    const sending = account.post("Messages", Object.entries(SMS), patience.signal).catch(({ name }) => name);
    expect(await sending).toBe("AbortError");
    expect(account.twilio.accepted("sms")).toHaveLength(accepted);
  });
});

it("Retry-After says when to come again", async () => {
  account.twilio.fail({ on: "Balance", how: { busy: true, retryAfterSeconds: 9 } });
  expect((await account.get("Balance.json")).headers.get("retry-after")).toBe("9");
});

it("strikes the operation that it is meant for, as often as it says", async () => {
  account.twilio.fail({ on: "PlaceCall", how: { code: 21215 } });
  account.twilio.fail({ on: "SendMessage", how: { busy: true }, times: 2 });
  expect([await send(), await send(), await send()]).toEqual(["429 20429", "429 20429", "201 queued"]);
});
