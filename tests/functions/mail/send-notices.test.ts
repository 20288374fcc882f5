import { describe, expect, test } from "@jest/globals";
import { REFUSALS_TOLD } from "../../../functions/mail/notices-progress.ts";
import { BUDGET_SECONDS, sendNotices } from "../../../functions/mail/send-notices.ts";
import { DOUBT_SECONDS } from "../../../functions/mail/send-once.ts";
import { noticeDesk, PREFIX, paymentNotice } from "./fakes/notice-desk.ts";
import { addresses, call, callUntilDone, notices, recipients, tellAll } from "./fakes/notice-run.ts";

describe("all goes well", () => {
  test("every notice is sent once, file by file and line by line", async () => {
    const scene = noticeDesk(notices(5));
    expect(await call(scene)).toEqual({
      done: true,
      waitSeconds: 1,
      sofar: {
        cursor: { key: `${PREFIX}00004.jsonl`, line: 1 },
        ...{ sent: 5, already: 0, suppressed: 0, refused: [], refusedMore: 0, open: [] },
      },
    });
    expect(recipients(scene)).toEqual(addresses(5));
  });

  test("begun anew from the first line, nothing is sent twice", async () => {
    const scene = noticeDesk(notices(5));
    await call(scene);
    expect(await call(scene)).toMatchObject({ done: true, sofar: { sent: 0, already: 5 } });
    expect(scene.sender.mails).toHaveLength(5);
  });

  test("carried on from its end, nothing is looked at again", async () => {
    const scene = noticeDesk(notices(4));
    const { sofar } = await call(scene);
    expect(await call(scene, sofar)).toMatchObject({ done: true, sofar: { sent: 4, already: 0 } });
  });

  test("a night without notices is done", async () => {
    expect(await call(noticeDesk([]))).toMatchObject({ done: true, sofar: { cursor: null, sent: 0 } });
  });
});

describe("no faster than SES allows", () => {
  test("at nine tenths of its rate, for a minute a call, until all are sent", async () => {
    const scene = noticeDesk(notices(100));
    scene.allowed.now = { perSecond: 1, left: 1000 };
    const instants: number[] = [];
    const { sender } = scene.desk.ports;
    const timed = {
      send: (...args: Parameters<typeof sender.send>) => {
        instants.push(scene.clock.now().getTime());
        return sender.send(...args);
      },
    };
    Object.assign(scene.desk, { ports: { ...scene.desk.ports, sender: timed } });
    const first = await call(scene);
    expect(first).toMatchObject({ done: false, waitSeconds: 1, sofar: { sent: 55 } });
    expect(scene.clock.now().getTime() - (instants[0] ?? 0)).toBeLessThan((BUDGET_SECONDS + 5) * 1000);
    await scene.clock.sleep(1000);
    expect(await call(scene, first.sofar)).toMatchObject({ done: true, sofar: { sent: 100 } });
    const pauses = instants.slice(1).map((at, index) => at - (instants[index] ?? 0));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(1000);
    expect(recipients(scene)).toEqual(addresses(100));
  });

  test("what went out before costs none of the rate", async () => {
    const scene = noticeDesk(notices(100));
    await call(scene);
    scene.allowed.now = { perSecond: 1, left: 1000 };
    expect(await call(scene)).toMatchObject({ done: true, sofar: { already: 100 } });
  });

  test("SES says too fast: a second's pause, and the same mail again", async () => {
    const scene = noticeDesk(notices(3), "accept", "throttle", "throttle", "accept");
    const before = scene.clock.now().getTime();
    expect(await call(scene)).toMatchObject({ done: true, sofar: { sent: 3, open: [] } });
    expect(recipients(scene)).toEqual(addresses(3));
    expect(scene.clock.now().getTime() - before).toBeGreaterThanOrEqual(2000);
  });

  test("SES says too fast for ever: the call ends in time, and the mail is not lost", async () => {
    const scene = noticeDesk(notices(1), ...Array.from({ length: 100 }, () => "throttle" as const));
    expect(await call(scene)).toMatchObject({
      done: false,
      waitSeconds: 1,
      sofar: { cursor: null, sent: 0 },
    });
    expect(scene.ledger.sends.size).toBe(0);
  });
});

describe("the day's quota", () => {
  test("is used up by us: an hour later the next mail goes", async () => {
    const scene = noticeDesk(notices(5));
    scene.allowed.now = { perSecond: 14, left: 2 };
    const first = await call(scene);
    expect(first).toMatchObject({ done: false, waitSeconds: 3600, sofar: { sent: 2 } });
    expect(scene.ledger.sends.size).toBe(2);
    scene.allowed.now = { perSecond: 14, left: 3 };
    expect(await call(scene, first.sofar)).toMatchObject({ done: true, sofar: { sent: 5 } });
    expect(recipients(scene)).toEqual(addresses(5));
  });

  test("is used up by others meanwhile: SES says so, and the claim is given back", async () => {
    const scene = noticeDesk(notices(3), "accept", "quota");
    const results = await callUntilDone(scene);
    expect(results.map(({ waitSeconds }) => waitSeconds)).toEqual([3600, 1]);
    expect(recipients(scene)).toEqual(addresses(3));
  });

  test("is none at all: nothing is sent, and nothing is lost", async () => {
    const scene = noticeDesk(notices(1));
    scene.allowed.now = { perSecond: 0, left: 0 };
    expect(await call(scene)).toMatchObject({ done: false, waitSeconds: 3600, sofar: { sent: 0 } });
    expect(scene.ledger.sends.size).toBe(0);
  });
});

describe("mail in doubt", () => {
  test("holds up no other, and SES's event settles it", async () => {
    const scene = noticeDesk(notices(4), "accept", "lost");
    const first = await call(scene);
    expect(first).toMatchObject({
      ...{ done: false, waitSeconds: 60 },
      sofar: { sent: 3, open: [{ key: `${PREFIX}00000.jsonl`, line: 1 }] },
    });
    await tellAll(scene);
    expect(await call(scene, first.sofar)).toMatchObject({
      done: true,
      sofar: { sent: 3, already: 1, open: [] },
    });
    expect(recipients(scene)).toEqual(addresses(4));
  });

  test("that SES never took is sent once nobody can tell any more", async () => {
    const scene = noticeDesk(notices(3), "break");
    const results = await callUntilDone(scene);
    expect(results.length).toBe(1 + DOUBT_SECONDS / 60);
    expect(results.at(-1)).toMatchObject({ done: true, sofar: { sent: 3, open: [] } });
    expect(recipients(scene).sort()).toEqual(addresses(3));
  });

  test("left by a run that died between claim and send is come back to", async () => {
    const scene = noticeDesk(notices(3));
    const { ports } = scene.desk;
    const dies = { send: () => Promise.reject(new Error("power failure")) };
    const dead = { ...scene.desk, ports: { ...ports, sender: dies } };
    await expect(sendNotices(PREFIX, undefined, dead, scene.clock)).rejects.toThrow("power failure");
    await callUntilDone(scene);
    expect(recipients(scene)).toEqual(["a2@example.net", "a3@example.net", "a1@example.net"]);
  });

  test("of more mails than can be remembered: no more are sent until some are settled", async () => {
    const scene = noticeDesk(notices(60), ...Array.from({ length: 55 }, () => "break" as const));
    const first = await call(scene);
    expect(first).toMatchObject({ done: false, waitSeconds: 60 });
    expect(first.sofar.open).toHaveLength(50);
    expect(scene.sender.mails).toHaveLength(0);
    const results = await callUntilDone(scene, first.sofar);
    expect(results.at(-1)).toMatchObject({ done: true, sofar: { sent: 60 } });
    expect(recipients(scene).sort()).toEqual(addresses(60).sort());
  });

  test("is waited for an hour when the quota is used up, since then nothing can be sent anyway", async () => {
    const scene = noticeDesk(notices(3), "break", "quota");
    expect(await call(scene)).toMatchObject({ waitSeconds: 3600, sofar: { open: [{ line: 0 }] } });
  });
});

describe("notices that do not go out, and hold up no other", () => {
  test("whose recipient is suppressed", async () => {
    const scene = noticeDesk(notices(3));
    await scene.suppressions.suppress("A2@example.net", "bounced Permanent", scene.clock.now());
    expect(await call(scene)).toMatchObject({ done: true, sofar: { sent: 2, suppressed: 1, refused: [] } });
    expect(scene.ledger.sends.size).toBe(2);
  });

  test("whom SES refuses, as it does with the unverified in its sandbox", async () => {
    const scene = noticeDesk(notices(3), "accept", "refuse");
    const { sofar } = await call(scene);
    expect(sofar).toMatchObject({ sent: 2, refused: ["a2@example.net: SES refused it"] });
  });

  const lines: [why: string, line: unknown, refused: RegExp][] = [
    ["no JSON", "{", /00000\.jsonl, line 2: no notice$/],
    ["nothing", "", /00000\.jsonl, line 2: no notice$/],
    ["JSON that is no notice", { hello: 1 }, /00000\.jsonl, line 2: no notice$/],
    ["of a template that there is not", { ...paymentNotice("x"), template: "novel" }, /line 2: no notice$/],
    ["without its facts", { ...paymentNotice("x"), facts: {} }, /line 2: no notice$/],
    ["to an address beyond ASCII", paymentNotice("x", "jürgen@example.net"), /line 2: no notice|ASCII/],
  ];
  test.each(lines)("a line that is %s", async (_why, line, refused) => {
    const scene = noticeDesk([paymentNotice("a1"), line, paymentNotice("a2")]);
    const { done, sofar } = await call(scene);
    expect(sofar).toMatchObject({ sent: 2, refused: [expect.stringMatching(refused)] });
    expect(done).toBe(true);
    expect(recipients(scene)).toEqual(addresses(2));
  });

  test("so many of them that not all are told: the others are counted, and a reason is not without end", async () => {
    const many = Array.from({ length: REFUSALS_TOLD + 3 }, (_, at) => ({
      ...paymentNotice(`x${at}`, `${"x".repeat(240)}@é`),
      id: `${at}`.padEnd(200, "x"),
    }));
    const { sofar } = await call(noticeDesk([...many, paymentNotice("a1")]));
    expect(sofar).toMatchObject({ sent: 1, refusedMore: 3 });
    expect(sofar.refused).toHaveLength(REFUSALS_TOLD);
    expect(new Set(sofar.refused.map(({ length }) => length))).toEqual(new Set([300]));
  });
});

describe("what is no notice's own fault ends the call", () => {
  test("a sender whom SES does not know: every other mail would be refused, too", async () => {
    const scene = noticeDesk(notices(3), "accept", "refuse-sender");
    await expect(call(scene)).rejects.toMatchObject({ name: "SenderRefusedError" });
    expect(scene.ledger.sends.size).toBe(1); // so that the others go once the sender is verified
    expect(await call(scene)).toMatchObject({ done: true, sofar: { sent: 2, already: 1 } });
  });

  test("a ledger that does not answer", async () => {
    const scene = noticeDesk(notices(2));
    const ledger = { ...scene.ledger, claim: () => Promise.reject(new Error("no table")) };
    const desk = { ...scene.desk, ports: { ...scene.desk.ports, ledger } };
    await expect(sendNotices(PREFIX, undefined, desk, scene.clock)).rejects.toThrow("no table");
    expect(scene.sender.mails).toHaveLength(0);
  });
});
