import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import {
  ssmMonitorUrls,
  ssmTwilioAccount,
} from "../../../../functions/monitor/adapters/ssm-twilio-account.ts";
import { type MonitorStage, openMonitorStage } from "./monitor-stage.ts";

const SID = "AC0123456789abcdef0123456789abcdef";
const START = new Date("2026-11-22T04:00:00Z");
const secondsOn = (seconds: number) => new Date(START.getTime() + seconds * 1000);

let open: MonitorStage;
beforeEach(async () => {
  open = await openMonitorStage();
});
afterEach(() => open.close());

const reads = () => open.stage.cloud.calls().filter(({ operation }) => operation === "GetParameters").length;

describe("who we are at Twilio", () => {
  it("is read once a minute", async () => {
    await open.putParameter("/nightshift/rehearsal/twilio/account-sid", `${SID}\n`);
    await open.putParameter("/nightshift/rehearsal/twilio/auth-token", "first\n");
    const account = ssmTwilioAccount(open.settings());
    expect(await account.read(START)).toEqual({ accountSid: SID, authTokens: ["first"] });
    await open.putParameter("/nightshift/rehearsal/twilio/auth-token", "first\n second \n\n");
    expect((await account.read(secondsOn(59))).authTokens).toEqual(["first"]);
    expect((await account.read(secondsOn(60))).authTokens).toEqual(["first", "second"]);
    expect(reads()).toBe(2);
  });

  it.each([
    ["no account", undefined, "token"],
    ["no token", SID, undefined],
    ["an empty token", SID, " \n"],
    ["an API key in the place of the account", "SK0123456789abcdef0123456789abcdef", "token"],
  ])("%s: says what to put where, and looks again the next time", async (_why, sid, token) => {
    if (sid !== undefined) await open.putParameter("/nightshift/rehearsal/twilio/account-sid", sid);
    if (token !== undefined) await open.putParameter("/nightshift/rehearsal/twilio/auth-token", token);
    const account = ssmTwilioAccount(open.settings());
    await expect(account.read(START)).rejects.toMatchObject({
      name: "NoTwilioAccountError",
      message: expect.stringMatching(/\/nightshift\/rehearsal\/twilio\/account-sid .*\/auth-token$/),
    });
  });
});

describe("our own addresses", () => {
  it("each is read by itself, so that a function needs to see only its own", async () => {
    await open.putParameter("/nightshift/rehearsal/monitor/sms-url", "https://a.example.org/");
    const urls = ssmMonitorUrls(open.settings());
    expect(await urls.read("sms", START)).toBe("https://a.example.org/");
    await open.putParameter("/nightshift/rehearsal/monitor/sms-url", "https://b.example.org/");
    expect(await urls.read("sms", secondsOn(30))).toBe("https://a.example.org/");
    expect(await urls.read("sms", secondsOn(90))).toBe("https://b.example.org/");
    expect(reads()).toBe(2);
  });

  it("a host alone gets the slash under which Twilio asks for it", async () => {
    await open.putParameter("/nightshift/rehearsal/monitor/sms-url", " https://a.example.org\n");
    expect(await ssmMonitorUrls(open.settings()).read("sms", START)).toBe("https://a.example.org/");
  });

  it.each([[undefined], ["nonsense"]])("%j is none, and is said by name", async (value) => {
    const name = "/nightshift/rehearsal/monitor/delivery-url";
    if (value !== undefined) await open.putParameter(name, value);
    const urls = ssmMonitorUrls(open.settings());
    await expect(urls.read("delivery", START)).rejects.toMatchObject({
      name: "NoMonitorUrlError",
      message: expect.stringContaining(name),
    });
    await open.putParameter(name, "https://a.example.org/");
    expect(await urls.read("delivery", secondsOn(value === undefined ? 1 : 61))).toBe(
      "https://a.example.org/",
    );
  });
});
