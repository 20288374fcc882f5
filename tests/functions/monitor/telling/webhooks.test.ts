import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { WebhookAnswer } from "../../../../functions/monitor/telling/webhook-answer.ts";
import { type Departure, signedRequest } from "./fakes/signed-request.ts";
import { COLIN, newTelling, OUR_NUMBER, openScene, type Scene, URLS } from "./fakes/telling-scene.ts";

/* What holds at every address of ours: who is believed, and what happens when our side fails. */

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
  scene.desk.open(12, "colin");
  await scene.outbox.claim({ ...newTelling(), key: "12/1/colin/sms" }, scene.clock.now());
});
afterEach(() => scene.close());

/** A request that does something, at each address, and whether it was done. */
const ADDRESSES = {
  sms: {
    query: "",
    fields: { From: COLIN.phone, To: OUR_NUMBER, Body: "ACK 12", MessageSid: "SM1" },
    isDone: async () => scene.desk.acksOf(12).length > 0,
  },
  keypress: {
    query: "key=12/1/colin/call",
    fields: { From: OUR_NUMBER, To: COLIN.phone, CallSid: "CA1", Digits: "1" },
    isDone: async () => scene.desk.acksOf(12).length > 0,
  },
  delivery: {
    query: "key=12/1/colin/sms",
    fields: { From: OUR_NUMBER, To: COLIN.phone, MessageSid: "SM1", MessageStatus: "delivered" },
    isDone: async () => (await scene.outbox.find("12/1/colin/sms")).state === "sent",
  },
};
type Address = keyof typeof ADDRESSES;

function send(
  at: Address,
  fields: Record<string, string> = {},
  departure: Departure = {},
): Promise<WebhookAnswer> {
  const { query, fields: honest } = ADDRESSES[at];
  return scene.ask(at, signedRequest(at, query, { ...honest, ...fields }, departure));
}

describe.each(["sms", "keypress", "delivery"] as const)("%s", (at) => {
  it.each([
    ["in base64", true],
    ["as it is", false],
  ])("an honest request, %s, is believed", async (_how, isBase64Encoded) => {
    const answer = await send(at, {}, { isBase64Encoded });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers["content-type"]).toMatch(/^text\/xml/);
    expect(answer.body).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?><Response>.*<\/Response>$/);
    expect(await ADDRESSES[at].isDone()).toBe(true);
  });

  it.each<[why: string, departure: Departure]>([
    ["no signature", { signature: undefined }],
    ["an empty one", { signature: "" }],
    ["another token", { token: "f".repeat(32) }],
    ["the token in capitals", { token: "0F1E2D3C4B5A69788796A5B4C3D2E1F0" }],
    ["signed for another address", { signedUrl: "https://elsewhere.example.org/?key=12/1/colin/sms" }],
    [
      "signed for our address without a scheme that is safe",
      { signedUrl: URLS[at].replace("https", "http") },
    ],
    ["signed for another query", { signedUrl: `${URLS[at]}?key=13/1/colin/sms` }],
    ["signed as one of our other addresses", { signedUrl: URLS.heartbeat }],
  ])("a forgery is refused, and does nothing: %s", async (_why, departure) => {
    expect(await send(at, {}, departure)).toMatchObject({ statusCode: 403, body: "bad signature" });
    expect(await ADDRESSES[at].isDone()).toBe(false);
  });

  it("a body that was changed on its way is refused", async () => {
    const { query, fields } = ADDRESSES[at];
    const request = signedRequest(at, query, fields, { isBase64Encoded: false });
    const changed = { ...request, body: request.body.replace("Sid=", "Sid=x") };
    expect((await scene.ask(at, changed)).statusCode).toBe(403);
    expect(await ADDRESSES[at].isDone()).toBe(false);
  });

  it("another query than the one that was signed is refused", async () => {
    const { query, fields } = ADDRESSES[at];
    const request = signedRequest(at, query, fields);
    expect((await scene.ask(at, { ...request, rawQueryString: "key=99/1/colin/sms" })).statusCode).toBe(403);
  });

  it("an account that is not ours is refused, though our token signed it", async () => {
    const answer = await send(at, { AccountSid: `AC${"f".repeat(32)}` });
    expect(answer).toMatchObject({ statusCode: 403, body: "another account" });
    expect(await ADDRESSES[at].isDone()).toBe(false);
  });

  it.each([
    ["in base64", true],
    ["as it is", false],
  ])("a body that is too large is not even looked at, %s", async (_how, isBase64Encoded) => {
    const answer = await send(at, { Padding: "x".repeat(32 * 1024) }, { isBase64Encoded });
    expect(answer).toMatchObject({ statusCode: 413, body: "too large" });
    expect(await ADDRESSES[at].isDone()).toBe(false);
  });

  it("the longest text there is, all of it escaped, is not too large", async () => {
    expect((await send(at, { Padding: "\u20ac".repeat(1600) })).statusCode).toBe(200);
  });

  it("when our side fails Twilio is told to come again, and then it is done", async () => {
    scene.desk.failNext(1);
    expect((await send(at)).statusCode).toBe(503);
    expect(scene.log.metrics).toContain("WebhookDeferred");
    expect((await send(at)).statusCode).toBe(200);
    expect(await ADDRESSES[at].isDone()).toBe(true);
  });
});
