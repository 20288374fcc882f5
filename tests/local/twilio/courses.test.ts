import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Person } from "../../../local/twilio/contract.ts";
import { APPLICATION_ERROR } from "../../../local/twilio/twiml-player.ts";
import { CALL, type FakeAccount, OURS, openFakeAccount, SMS, START, THEIRS, TOKEN } from "./fake-account.ts";

/* What becomes of messages and calls: when, what is heard, and what Twilio asks of us. */

let account: FakeAccount;
beforeEach(async () => {
  account = await openFakeAccount({ smsUrl: "https://us.example.org/sms#rc=2&rp=ct,rt,5xx" });
});
afterEach(() => account.twilio.close());

const STATUS = "https://us.example.org/status?key=1/2";
const xml = (content: string) => ({
  status: 200,
  contentType: "text/xml; charset=utf-8",
  body: `<Response>${content}</Response>`,
});

async function sms(fields: Record<string, string> = {}): Promise<void> {
  await account.post("Messages", Object.entries({ ...SMS, StatusCallback: STATUS, ...fields }));
  await account.twilio.settled();
}
async function call(content: string, more: [string, string][] = []): Promise<void> {
  const events = ["initiated", "ringing", "answered", "completed"].map((event): [string, string] => [
    "StatusCallbackEvent",
    event,
  ]);
  const Twiml = `<Response>${content}</Response>`;
  const fields = Object.entries({ ...CALL, StatusCallback: `${STATUS}#rc=1`, Twiml });
  await account.post("Calls", [...fields, ...events, ...more]);
  await account.twilio.settled();
}
const heard = () => account.twilio.heard(THEIRS).map(({ text }) => text);
const secondsAt = (at: Date) => (at.getTime() - START.getTime()) / 1000;
const told = (...names: string[]) =>
  account.twilio.webhooks().map(({ form }) => names.map((name) => form.get(name) ?? "-").join(" "));

describe("a message", () => {
  it("is sent, then delivered", async () => {
    await sms();
    expect(account.twilio.heard(THEIRS)).toEqual([
      { at: new Date("2026-11-22T04:00:03Z"), via: "sms", text: "ALARM" },
    ]);
    expect(told("MessageStatus", "To", "From", "ErrorCode")).toEqual([
      `sent ${THEIRS} ${OURS} -`,
      `delivered ${THEIRS} ${OURS} -`,
    ]);
  });

  it.each([
    ["a phone that is off, until the validity is over", 30003, "10", 11],
    ["or the carrier gives up", 30003, "600", 61],
    ["a number that is not registered", 30034, "600", 61],
  ])("%s: %d", async (_why, code, ValidityPeriod, seconds) => {
    account.twilio.person(THEIRS, { sms: { fails: code } });
    await sms({ ValidityPeriod });
    expect(heard()).toEqual([]);
    expect(told("MessageStatus", "ErrorCode")).toEqual(["sent -", `undelivered ${code}`]);
    expect(secondsAt(account.clock.now())).toBe(seconds);
  });

  it("that waits in the queue for longer than its validity is never sent", async () => {
    account.twilio.congestion(11);
    await sms({ ValidityPeriod: "10" });
    expect(heard()).toEqual([]);
    expect(told("MessageStatus", "ErrorCode")).toEqual(["failed 30036"]);
    expect(secondsAt(account.clock.now())).toBe(10);
  });

  it("to whoever has sent STOP is refused, until START", async () => {
    await account.twilio.text(THEIRS, "Stop");
    expect((await account.post("Messages", Object.entries(SMS))).json).toMatchObject({
      code: 21610,
      status: 400,
    });
    account.answers = () => xml("<Message>Sorry.</Message>");
    await account.twilio.text(THEIRS, "quit");
    expect(heard()).toEqual(Array(2).fill("You have successfully been unsubscribed.")); // and nothing of ours
    account.answers = () => xml("");
    await account.twilio.text(THEIRS, "start");
    expect((await account.post("Messages", Object.entries(SMS))).status).toBe(201);
    await account.twilio.settled();
  });
});

describe("a reply", () => {
  it("comes to our address, and its answer back", async () => {
    account.answers = (url) => (url.endsWith("/sms") ? xml("<Message>thanks &amp; bye</Message>") : xml(""));
    account.twilio.person(THEIRS, { sms: { reply: { text: (text) => `re: ${text}`, afterSeconds: 20 } } });
    await sms();
    expect(heard()).toEqual(["ALARM", "thanks & bye"]);
    expect(told("Body", "From", "To", "NumMedia").at(-1)).toBe(`re: ALARM ${THEIRS} ${OURS} 0`);
    expect(secondsAt(account.clock.now())).toBe(23);
  });

  it("whose answer is no XML: the answer itself is sent", async () => {
    account.answers = () => ({ status: 200, contentType: "text/plain", body: "oops" });
    await account.twilio.text(THEIRS, "hello");
    expect(heard()).toEqual(["oops"]);
  });

  it.each([
    ["an error", { status: 500, contentType: "text/xml", body: "<Response/>" }, /^11200/],
    ["XML that is none", { status: 200, contentType: "text/xml", body: "<Response>" }, /^12100/],
    [
      "a verb of calls",
      { status: 200, contentType: "text/xml", body: "<Response><Say>x</Say></Response>" },
      /^12200/,
    ],
  ])("whose answer is %s: nothing is sent, and the debugger tells", async (_why, answer, alert) => {
    account.answers = () => answer;
    await account.twilio.text(THEIRS, "hello");
    expect(heard()).toEqual([]);
    expect(account.twilio.alerts()).toEqual([expect.stringMatching(alert)]);
  });
});

describe("requests of Twilio's", () => {
  it("are signed: HMAC-SHA1 over the address without its fragment, and the form, sorted", async () => {
    await account.twilio.text(THEIRS, 'a & b = "c" + d');
    const [webhook] = account.twilio.webhooks();
    expect(webhook?.url).toBe("https://us.example.org/sms");
    const signed = [...(webhook?.form ?? [])]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => name + value);
    const expected = createHmac("sha1", TOKEN)
      .update(`https://us.example.org/sms${signed.join("")}`)
      .digest("base64");
    expect(webhook?.headers["x-twilio-signature"]).toBe(expected);
  });

  it.each<[why: string, fragment: string, status: number | undefined, tries: number]>([
    ["once more when nobody is there, unless the address says otherwise", "", undefined, 2],
    ["not upon an error, unless it says so", "", 503, 1],
    ["as often as it says", "#rc=2&rp=ct,5xx", 503, 3],
    ["not at all", "#rc=0", undefined, 1],
    ["not upon what it does not name", "#rc=2&rp=5xx", 403, 1],
    ["upon everything", "#rc=3&rp=all", 403, 4],
  ])("are tried %s (%s)", async (_why, fragment, status, tries) => {
    account.answers = () => {
      if (status === undefined) throw new Error("nobody");
      return { status, contentType: "text/plain", body: "" };
    };
    await account.twilio.close();
    account = Object.assign(await openFakeAccount({ smsUrl: `https://us.example.org/sms${fragment}` }), {
      answers: account.answers,
    });
    await account.twilio.text(THEIRS, "hello");
    expect(account.twilio.webhooks().map((one) => one.status)).toEqual(Array(tries).fill(status));
  });

  it.each([
    ["twice", 4],
    ["lost", 0],
  ] as const)("status callbacks %s", async (fate, count) => {
    account.twilio.callbacks(fate);
    await sms();
    expect(account.twilio.webhooks()).toHaveLength(count);
    expect(heard()).toEqual(["ALARM"]);
  });
});

describe("a call", () => {
  const answers: Partial<Person> = { call: { answersAfterSeconds: 4, presses: undefined } };

  it("rings, is answered, says what it has to say, and ends", async () => {
    account.twilio.person(THEIRS, answers);
    await call('<Say>One &lt; two.</Say><Pause length="3"/><Say>Bye.</Say><Hangup/><Say>Never.</Say>');
    expect(heard()).toEqual(["One < two.", "Bye."]);
    expect(told("CallStatus", "SequenceNumber", "CallDuration")).toEqual([
      "initiated 0 -",
      "ringing 1 -",
      "in-progress 2 -",
      "completed 3 11",
    ]);
  });

  it.each<[Person["call"], string[], number]>([
    ["busy", ["initiated", "busy"], 3],
    ["no-answer", ["initiated", "ringing", "no-answer"], 3 + 15],
    [{ answersAfterSeconds: 16, presses: "1" }, ["initiated", "ringing", "no-answer"], 3 + 15],
  ])("%j: Twilio lets it ring five seconds longer than it is told", async (behaviour, statuses, seconds) => {
    account.twilio.person(THEIRS, { call: behaviour });
    await call("<Say>One.</Say>", [["Timeout", "10"]]);
    expect(heard()).toEqual([]);
    expect(told("CallStatus")).toEqual(statuses);
    expect(secondsAt(account.clock.now())).toBe(seconds);
  });

  it("tells only of its end, unless it is asked to tell more", async () => {
    await account.post("Calls", Object.entries({ ...CALL, StatusCallback: STATUS }));
    await account.twilio.settled();
    expect(told("CallStatus")).toEqual(["no-answer"]);
  });

  const GATHER =
    '<Gather numDigits="1" timeout="7" action="https://us.example.org/key?a=1&amp;b=2" method="POST"><Say>Press.</Say><Say>Press!</Say></Gather><Say>None.</Say>';

  it("a key interrupts what is said, and goes to the action; its answer is carried out", async () => {
    account.twilio.person(THEIRS, { call: { answersAfterSeconds: 4, presses: "12" } });
    account.answers = (url) =>
      url.includes("/key")
        ? xml("<Say>Got it.</Say><Redirect>https://us.example.org/more</Redirect>")
        : xml("<Say>More.</Say>");
    await call(GATHER);
    expect(heard()).toEqual(["Press.", "Got it.", "More."]);
    const pressed = account.twilio.webhooks().find(({ url }) => url === "https://us.example.org/key?a=1&b=2");
    expect(pressed?.form.get("Digits")).toBe("1"); // as many as numDigits
    expect(pressed?.form.get("CallStatus")).toBe("in-progress");
  });

  it("without a key it waits, and goes on behind", async () => {
    account.twilio.person(THEIRS, { call: "voicemail" });
    await call(GATHER);
    expect(heard()).toEqual(["Press.", "Press!", "None."]);
    expect(secondsAt(account.clock.now())).toBe(3 + 20 + 1 + 1 + 7 + 1);
  });

  it.each([
    ["an error", { status: 503, contentType: "text/plain", body: "" }],
    ["no TwiML", { status: 200, contentType: "application/json", body: "{}" }],
    ["TwiML that is not closed", { status: 200, contentType: "text/xml", body: "<Response>" }],
  ])("the action answers with %s: that is what is heard", async (_why, answer) => {
    account.twilio.person(THEIRS, { call: { answersAfterSeconds: 4, presses: "1" } });
    account.answers = (url) => (url.includes("/key") ? answer : xml(""));
    await call(GATHER);
    expect(heard().at(-1)).toBe(APPLICATION_ERROR);
    expect(account.twilio.alerts()).toHaveLength(1);
  });

  it("in a circle comes to an end", async () => {
    account.twilio.person(THEIRS, answers);
    account.answers = () => xml("<Redirect>https://us.example.org/again</Redirect>");
    await call("<Redirect>https://us.example.org/again</Redirect>");
    expect(account.twilio.alerts()).toEqual(["a call goes round in a circle"]);
  });

  it("a verb that is unknown here is passed over, and told", async () => {
    account.twilio.person(THEIRS, answers);
    await call("<Dial>+1</Dial><Say>One.</Say>");
    expect(heard()).toEqual(["One."]);
    expect(account.twilio.alerts()).toEqual([expect.stringMatching(/^12200: <Dial>/)]);
  });
});
