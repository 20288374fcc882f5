import { describe, expect, it } from "@jest/globals";
import { stormKey } from "../../../../functions/monitor/telling/budget.ts";
import { callbackUrl, incidentOf, messageKey } from "../../../../functions/monitor/telling/message-key.ts";
import { readReply } from "../../../../functions/monitor/telling/reply-text.ts";

describe("keys of messages", () => {
  it("say what a message is about", () => {
    const key = messageKey(12, 3, "colin", "sms");
    expect(key).toBe("12/3/colin/sms");
    expect(incidentOf(key)).toBe(12);
  });

  it.each([
    stormKey("2026-11-22T04", "colin"),
    "",
    "0/1/colin/sms",
    "12",
    "x12/1/a/sms",
    "1234567890/1/a/sms",
  ])("%j is about no incident", (key) => {
    expect(incidentOf(key)).toBeUndefined();
  });

  it.each([
    ["12/3/colin/sms", "12/3/colin/sms"],
    ["12/3/o'neil & co/sms", "12/3/o'neil%20%26%20co/sms"],
    ["12/3/zoë#1/call", "12/3/zo%C3%AB%231/call"],
  ])("%s travels in a query, and comes back as it was", (key, written) => {
    const url = callbackUrl("https://x.example.org/", key);
    expect(url).toBe(`https://x.example.org/?key=${written}#rc=2&rp=ct,rt,5xx`);
    expect(new URL(url).searchParams.get("key")).toBe(key);
  });
});

describe("replies", () => {
  it.each([
    ["ACK", undefined],
    ["ack", undefined],
    ["  Ack\n", undefined],
    ["ACK.", undefined],
    ["OK", undefined],
    ["okay!", undefined],
    ["ACK 12", 12],
    ["ack12", 12],
    ["ok 12", 12],
    ["ACK #12", 12],
    ["ACK: 12", 12],
    ["Acknowledged 12", 12],
    ["ACK [12.3]", 12],
    ["ACK 12.3", 12],
    ["ＡＣＫ　１２", 12],
  ])("%j acknowledges %s", (body, incident) => {
    expect(readReply(body)).toEqual({ says: "acknowledge", ...(incident === undefined ? {} : { incident }) });
  });

  it.each(["STOP", "stop", " Stopall ", "UNSUBSCRIBE", "cancel", "End.", "QUIT"])("%j blocks us", (body) => {
    expect(readReply(body)).toEqual({ says: "opt-out" });
  });

  it.each(["START", "yes", "Unstop", "HELP"])("%j is Twilio's as well", (body) => {
    expect(readReply(body)).toEqual({ says: "opt-in" });
  });

  it.each([
    ["nothing", ""],
    ["thanks, but for what?", "OK thanks"],
    ["a question", "ACK?"],
    ["no number of an incident", "ACK 0"],
    ["too long for one", "ACK 1234567890"],
    ["negative", "ACK -12"],
    ["not at the beginning", "please ACK 12"],
    ["two numbers: which?", "ACK 12 13"],
    ["a word that begins alike", "ACKNOWLEDGEMENT"],
    ["STOP in a sentence is none", "stop calling me"],
    ["a phone's own reply", "I'm driving with Focus turned on"],
  ])("%s: %j", (_why, body) => {
    expect(readReply(body)).toEqual({ says: "something else" });
  });
});
