import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { SILENCE } from "../../../../functions/monitor/telling/twiml.ts";
import { parseTwiml, textOf } from "../../../../local/twilio/twiml-document.ts";
import { signedRequest } from "./fakes/signed-request.ts";
import { COLIN, GRACE, OUR_NUMBER, openScene, type Scene } from "./fakes/telling-scene.ts";

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
  scene.desk.open(12, "colin", "grace");
});
afterEach(() => scene.close());

interface Press {
  readonly key?: string;
  readonly To?: string;
  readonly CallSid?: string;
}

function answerTo(
  Digits: string,
  { key = "12/3/colin/call", To = COLIN.phone, CallSid = "CA1" }: Press = {},
) {
  return scene.ask(
    "keypress",
    signedRequest("keypress", `key=${key}`, { From: OUR_NUMBER, To, CallSid, Digits }),
  );
}

/** Presses a key. @returns what is said */
async function press(digits: string, what: Press = {}): Promise<string> {
  return textOf(parseTwiml((await answerTo(digits, what)).body));
}

it("1 acknowledges the incident that the call was about", async () => {
  expect(await press("1")).toBe("Incident 1 2 is acknowledged. Thank you. Goodbye.");
  expect(scene.desk.acksOf(12)).toEqual(["colin call until 2026-11-22T08:00:00"]);
});

describe("nothing else does", () => {
  it.each(["2", "0", "9", "*", "#", "11", ""])("%j", async (digits) => {
    expect(await press(digits)).toBe("That was not the 1. Nothing was acknowledged. Goodbye.");
    expect(scene.desk.acksOf(12)).toEqual([]);
  });

  it.each([
    ["a phone of nobody that we know", { To: "+16045559999" }],
    ["our own number, as in a call that somebody made to us", { To: OUR_NUMBER }],
    ["no call", { CallSid: "" }],
  ])("%s", async (_why, what) => {
    expect((await answerTo("1", what)).body).toBe(SILENCE);
    expect(scene.desk.acksOf(12)).toEqual([]);
  });

  it.each(["storm/2026-11-22T04/colin", "", "x/1/colin/call"])("a call about %j", async (key) => {
    expect(await press("1", { key })).toBe("There is nothing to acknowledge. Goodbye.");
  });
});

it("the same key of the same call does nothing more, even when the acknowledgement has run out", async () => {
  await press("1");
  await scene.clock.sleep(5 * 3_600_000);
  expect(await press("1")).toBe("Incident 1 2 was acknowledged before. Goodbye.");
  expect(scene.desk.acksOf(12)).toHaveLength(1);
  await press("1", { CallSid: "CA2" });
  expect(scene.desk.acksOf(12)).toHaveLength(2);
});

it.each([
  ["recovered", "Incident 1 2 has recovered. There is nothing to do. Goodbye."],
  ["acknowledged by another", "Incident 1 2 is acknowledged already. Goodbye."],
])("%s: says so", async (why, said) => {
  if (why === "recovered") scene.desk.recover(12);
  else await press("1", { To: GRACE.phone, key: "12/3/grace/call", CallSid: "CA9" });
  expect(await press("1")).toBe(said);
});

it("of a phone that two share, it is whoever was called", async () => {
  await scene.close();
  scene = await openScene({ contacts: [COLIN, { ...GRACE, phone: COLIN.phone }] });
  scene.desk.open(12, "grace");
  await press("1", { key: "12/3/grace/call" });
  expect(scene.desk.acksOf(12)).toEqual(["grace call until 2026-11-22T08:00:00"]);
});
