import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { SILENCE } from "../../../../functions/monitor/telling/twiml.ts";
import { parseTwiml, textOf } from "../../../../local/twilio/twiml-document.ts";
import { signedRequest } from "./fakes/signed-request.ts";
import { COLIN, GRACE, OUR_NUMBER, openScene, type Scene } from "./fakes/telling-scene.ts";

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
  scene.desk.open(11, "colin");
  scene.desk.open(12, "colin", "grace");
  scene.desk.open(13, "grace");
});
afterEach(() => scene.close());

let sids = 0;
/** Sends a text. @returns what is answered; "" for nothing */
async function text(Body: string, { from = COLIN.phone, sid = "" } = {}): Promise<string> {
  sids += 1;
  const MessageSid = sid === "" ? `SM${sids}` : sid;
  const { statusCode, body } = await scene.ask(
    "sms",
    signedRequest("sms", "", { From: from, To: OUR_NUMBER, Body, MessageSid }),
  );
  expect(statusCode).toBe(200);
  return textOf(parseTwiml(body));
}

const acks = () =>
  [11, 12, 13].flatMap((incident) => scene.desk.acksOf(incident).map((ack) => `${incident} ${ack}`));

describe("a text with a number acknowledges that incident", () => {
  it.each(["ACK 12", "ack12", "OK 12", " Ack #12. "])("%j", async (body) => {
    expect(await text(body)).toBe("12 acknowledged.");
    expect(acks()).toEqual(["12 colin sms until 2026-11-22T08:00:00"]);
  });

  it("also one that the sender was not told of: whoever is on the list may take it on", async () => {
    expect(await text("ACK 13")).toBe("13 acknowledged.");
  });

  it.each([
    ["that is not known", "ACK 99", "99 is not known."],
    ["that has recovered", "ACK 11", "11 has recovered."],
  ])("%s: says so", async (_why, body, answer) => {
    scene.desk.recover(11);
    expect(await text(body)).toBe(answer);
    expect(acks()).toEqual([]);
  });

  it("that somebody else has acknowledged already", async () => {
    await text("ACK 12", { from: GRACE.phone });
    expect(await text("ACK 12")).toBe("12 is acknowledged already.");
    expect(acks()).toHaveLength(1);
  });
});

describe("a text without a number", () => {
  it("acknowledges every open incident that its sender was told of, and no other", async () => {
    expect(await text("ACK")).toBe("12 acknowledged. 11 acknowledged.");
    expect(acks().map((ack) => ack.slice(0, 8))).toEqual(["11 colin", "12 colin"]);
  });

  it("when there is none, says so", async () => {
    scene.desk.recover(11);
    scene.desk.recover(12);
    expect(await text("ACK")).toMatch(/^There is nothing to acknowledge/);
  });

  it("of a phone that two share, is of both", async () => {
    await scene.close();
    scene = await openScene({ contacts: [COLIN, { ...GRACE, phone: COLIN.phone }] });
    for (const [incident, contact] of [
      [11, "colin"],
      [13, "grace"],
    ] as const)
      scene.desk.open(incident, contact);
    expect(await text("ACK")).toBe("13 acknowledged. 11 acknowledged.");
  });

  it("of many incidents: the answer is one SMS", async () => {
    for (let incident = 20; incident < 50; incident += 1) scene.desk.open(incident, "colin");
    expect((await text("ACK")).length).toBeLessThanOrEqual(160);
    expect(scene.desk.acksOf(49)).toHaveLength(1);
  });
});

describe("a text that comes again", () => {
  it("does nothing more, and is answered", async () => {
    await text("ACK 12", { sid: "SMsame" });
    expect(await text("ACK 12", { sid: "SMsame" })).toBe("12 was acknowledged by this text before.");
    expect(acks()).toHaveLength(1);
  });

  it("kept by somebody and sent when the acknowledgement has run out: refused", async () => {
    await text("ACK 12", { sid: "SMsame" });
    await scene.clock.sleep(5 * 3_600_000);
    expect(await text("ACK 12", { sid: "SMsame" })).toBe("12 was acknowledged by this text before.");
    expect(await text("ACK 12")).toBe("12 acknowledged."); // a new one is taken
  });

  it("without a number: it does not acknowledge what came since", async () => {
    await text("ACK", { sid: "SMsame" });
    scene.desk.open(14, "colin");
    await text("ACK", { sid: "SMsame" });
    expect(scene.desk.acksOf(14)).toEqual([]);
  });

  it("because our side failed half way: carried out to its end", async () => {
    const request = signedRequest("sms", "", {
      From: COLIN.phone,
      To: OUR_NUMBER,
      Body: "ACK",
      MessageSid: "SMhalf",
    });
    const { acknowledge } = scene.desk;
    let calls = 0;
    scene.desk.acknowledge = (...given) => {
      calls += 1;
      return calls === 2 ? Promise.reject(new Error("not now")) : acknowledge(...given);
    };
    expect((await scene.ask("sms", request)).statusCode).toBe(503);
    expect(textOf(parseTwiml((await scene.ask("sms", request)).body))).toBe(
      "12 was acknowledged by this text before. 11 acknowledged.",
    );
    expect(acks()).toHaveLength(2);
  });
});

describe("what is not answered", () => {
  it.each([
    ["a number that we do not know", "ACK 12", "+16045559999"],
    ["one that only looks alike", "ACK 12", `${COLIN.phone}0`],
    ["nobody", "ACK 12", ""],
    ["STOP", "STOP", COLIN.phone],
    ["a sign of life to Twilio", "START", COLIN.phone],
  ])("%s", async (_why, Body, From) => {
    const request = signedRequest("sms", "", { From, To: OUR_NUMBER, Body, MessageSid: "SM1" });
    expect((await scene.ask("sms", request)).body).toBe(SILENCE);
    expect(acks()).toEqual([]);
  });

  it("a text without a sid, which could not be told from another one", async () => {
    const request = signedRequest("sms", "", { From: COLIN.phone, To: OUR_NUMBER, Body: "ACK 12" });
    expect((await scene.ask("sms", request)).body).toBe(SILENCE);
    expect(acks()).toEqual([]);
  });

  it("a contact who sends STOP is lost to us, which somebody must hear of", async () => {
    await text("stop");
    expect(scene.log.metrics).toEqual(["ContactOptedOut"]);
    expect(scene.log.lines.at(-1)).toMatch(/^colin has sent STOP/);
  });
});

it("anything else is answered by how to say it", async () => {
  expect(await text("what?")).toBe(
    "Not understood, and nothing was done. Reply ACK, or ACK and the number of the incident.",
  );
  expect(acks()).toEqual([]);
});
