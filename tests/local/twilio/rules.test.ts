import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { CALL, type FakeAccount, OURS, openFakeAccount, SID, SMS, THEIRS } from "./fake-account.ts";

/* The rules of Twilio's API (Twilio API, "Messages", "Calls"; "Error and warning dictionary"). */

let account: FakeAccount;
beforeEach(async () => {
  account = await openFakeAccount();
});
afterEach(async () => {
  await account.twilio.settled();
  await account.twilio.close();
});

type Fields = Record<string, string | undefined>;
const fieldsOf = (base: Record<string, string>, changes: Fields): [string, string][] =>
  Object.entries({ ...base, ...changes }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );

describe("a message", () => {
  it.each<[why: string, changes: Fields]>([
    ["the least there is", {}],
    ["1600 characters", { Body: "x".repeat(1600) }],
    [
      "everything that we send",
      { StatusCallback: "https://x.example.org/?key=1#rc=2", ValidityPeriod: "600", RiskCheck: "disable" },
    ],
    ["the shortest validity", { ValidityPeriod: "1" }],
    ["the longest", { ValidityPeriod: "36000" }],
  ])("is accepted: %s", async (_why, changes) => {
    const { status, json } = await account.post("Messages", fieldsOf(SMS, changes));
    expect(status).toBe(201);
    expect(json).toMatchObject({
      ...{ account_sid: SID, to: THEIRS, from: OURS, status: "queued", direction: "outbound-api" },
      ...{ sid: expect.stringMatching(/^SM[0-9a-f]{32}$/), error_code: null, num_segments: "1" },
      ...{ date_created: "Sun, 22 Nov 2026 04:00:00 +0000", date_sent: null },
    });
  });

  it.each<[why: string, code: number, changes: Fields]>([
    ["to nobody", 21604, { To: undefined }],
    ["to a number without a country", 21211, { To: "6045550100" }],
    ["to a number that is too short", 21211, { To: "+16045" }],
    ["to a number with a dash", 21211, { To: "+1604-5550100" }],
    ["from nobody", 21603, { From: undefined }],
    ["from a number of somebody else", 21606, { From: "+12065550198" }],
    ["without a body", 21602, { Body: undefined }],
    ["with an empty one", 21602, { Body: "" }],
    ["with 1601 characters", 21617, { Body: "x".repeat(1601) }],
    ["calling back to a path", 21609, { StatusCallback: "/delivery" }],
    ["calling back to a host with an underscore", 21609, { StatusCallback: "https://my_host.example.org/" }],
    ["calling back by mail", 21609, { StatusCallback: "mailto:a@example.org" }],
    ["valid for no time", 20001, { ValidityPeriod: "0" }],
    ["valid for more than ten hours", 20001, { ValidityPeriod: "36001" }],
    ["valid for a while", 20001, { ValidityPeriod: "soon" }],
    ["a risk check that is neither", 20001, { RiskCheck: "off" }],
    ["a field that there is none of", 20001, { StatusCallBack: "https://x.example.org/" }],
    ["a field of calls", 20001, { StatusCallbackEvent: "completed" }],
  ])("is refused: %s (%d)", async (_why, code, changes) => {
    const { status, json } = await account.post("Messages", fieldsOf(SMS, changes));
    expect(status).toBe(400);
    expect(json).toEqual({
      ...{ code, status: 400, message: expect.any(String) },
      more_info: `https://www.twilio.com/docs/errors/${code}`,
    });
    expect(account.twilio.accepted("sms")).toEqual([]);
    expect(account.twilio.alerts()).toHaveLength(1);
  });

  it("a field that comes twice is refused", async () => {
    expect(await account.post("Messages", [...fieldsOf(SMS, {}), ["To", THEIRS]])).toMatchObject({
      status: 400,
    });
  });
});

describe("a call", () => {
  it.each<[why: string, fields: [string, string][]]>([
    ["the least there is", []],
    [
      "every event",
      ["initiated", "ringing", "answered", "completed"].map((event) => ["StatusCallbackEvent", event]),
    ],
    ["the longest ringing", [["Timeout", "600"]]],
  ])("is accepted: %s", async (_why, more) => {
    const { status, json } = await account.post("Calls", [...fieldsOf(CALL, {}), ...more]);
    expect([status, json.status, json.start_time]).toEqual([201, "queued", null]);
    expect(json.sid).toMatch(/^CA[0-9a-f]{32}$/);
  });

  it.each<[why: string, code: number, changes: Fields]>([
    ["to nobody", 21201, { To: undefined }],
    ["to a number that is none", 21211, { To: "colin" }],
    ["from nobody", 21213, { From: undefined }],
    ["from a number of somebody else", 21210, { From: "+12065550198" }],
    ["that says nothing", 21205, { Twiml: undefined }],
    ["that says it in 4001 characters", 21205, { Twiml: `<Response>${" ".repeat(3980)}</Response>` }],
    ["an ampersand that is none", 21205, { Twiml: "<Response><Say>a & b</Say></Response>" }],
    ["an element that is not closed", 21205, { Twiml: "<Response><Say>a</Response>" }],
    ["another root", 21205, { Twiml: "<Say>a</Say>" }],
    ["a URL that is none", 21205, { Url: "twiml", Twiml: undefined }],
    ["an event that there is none of", 21626, { StatusCallbackEvent: "finished" }],
    ["all events in one field", 21626, { StatusCallbackEvent: "initiated ringing" }],
    ["ringing for ever", 20001, { Timeout: "601" }],
    ["a validity, which only messages have", 20001, { ValidityPeriod: "600" }],
    ["calling back to nowhere", 21609, { StatusCallback: "nowhere" }],
  ])("is refused: %s (%d)", async (_why, code, changes) => {
    expect((await account.post("Calls", fieldsOf(CALL, changes))).json).toMatchObject({ code, status: 400 });
    expect(account.twilio.accepted("call")).toEqual([]);
  });
});

describe("who asks, and for what", () => {
  const ask = async (path: string, authorization: string | undefined, method = "GET") => {
    const headers = authorization === undefined ? {} : { authorization };
    const response = await fetch(new URL(path, account.twilio.url), { method, headers });
    const { code } = (await response.json()) as { code: number };
    return [response.status, code];
  };
  const basic = (user: string) => `Basic ${Buffer.from(user).toString("base64")}`;
  const BALANCE = `/2010-04-01/Accounts/${SID}/Balance.json`;

  it.each([
    ["nobody", undefined],
    ["a wrong token", basic(`${SID}:wrong`)],
    ["another account", basic("AC1:token")],
    ["a token by another way", "Bearer token"],
  ])("%s is not let in", async (_who, authorization) => {
    expect(await ask(BALANCE, authorization)).toEqual([401, 20003]);
  });

  it.each([
    ["another account's", BALANCE.replace("1/Balance", "2/Balance")],
    ["what there is none of", BALANCE.replace("Balance", "Faxes")],
    ["another version", BALANCE.replace("2010", "2008")],
  ])("%s is not found", async (_what, path) => {
    expect(await ask(path, basic(`${SID}:token`))).toEqual([404, 20404]);
  });

  it("the balance is a string", async () => {
    expect((await account.get("Balance.json")).json).toEqual({
      account_sid: SID,
      balance: "20.00",
      currency: "USD",
    });
  });
});
