import { describe, expect, test } from "@jest/globals";
import { type Message, sendKey } from "../../../functions/mail/message.ts";
import type { SendLedger } from "../../../functions/mail/ports.ts";
import { recordOutcome } from "../../../functions/mail/record-outcome.ts";
import { sendMessage } from "../../../functions/mail/send-message.ts";
import { DOUBT_SECONDS } from "../../../functions/mail/send-once.ts";
import { fakeLedger } from "./fakes/fake-ledger.ts";
import { fakeSender, type Turn } from "./fakes/fake-sender.ts";
import { fakeSuppressions } from "./fakes/fake-suppressions.ts";
import { sesEvent } from "./fakes/ses-events.ts";

const MESSAGE: Message = {
  id: "base-20261122-0400/built",
  from: "nightshift@example.org",
  to: ["root@example.org"],
  subject: "Image base: FreeBSD 15.1, built",
  text: "It is there.\n",
};
const KEY = sendKey("test", MESSAGE.id, "root@example.org");
const START = new Date("2026-11-22T05:00:00Z");

function scene(...turns: Turn[]) {
  const ledger = fakeLedger();
  const sender = fakeSender(...turns);
  const suppressions = fakeSuppressions();
  const ports = { ledger, sender, suppressions };
  return {
    ...ports,
    ports,
    send: (seconds = 0, message = MESSAGE) =>
      sendMessage("test", message, new Date(START.getTime() + seconds * 1000), ports),
  };
}

const inDoubt = { name: "SendInDoubtError" };

describe("a message goes out once", () => {
  test("to each recipient, in a mail of its own", async () => {
    const { send, sender } = scene();
    const to = ["a@example.org", "b@example.org"];
    expect(await send(0, { ...MESSAGE, to })).toEqual({ sent: 2, already: 0, suppressed: 0 });
    expect(sender.mails.map(({ recipient }) => recipient)).toEqual(to);
  });

  test("a second run sends nothing", async () => {
    const { send, sender } = scene();
    await send();
    expect(await send(5)).toEqual({ sent: 0, already: 1, suppressed: 0 });
    expect(await send(DOUBT_SECONDS * 100)).toEqual({ sent: 0, already: 1, suppressed: 0 });
    expect(sender.mails).toHaveLength(1);
  });

  test("a recipient who is named twice gets one mail", async () => {
    const { send, sender } = scene();
    expect(await send(0, { ...MESSAGE, to: ["a@example.org", "A@example.org"] })).toEqual({
      sent: 1,
      already: 1,
      suppressed: 0,
    });
    expect(sender.mails).toHaveLength(1);
  });

  test("two runs at once: one sends, the other is in doubt and then learns that it was sent", async () => {
    const { send, sender } = scene();
    const both = await Promise.allSettled([send(), send()]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(sender.mails).toHaveLength(1);
    expect(await send(60)).toEqual({ sent: 0, already: 1, suppressed: 0 });
  });

  test("a recipient who was added later gets it, the others do not get it again", async () => {
    const { send, sender } = scene();
    await send();
    expect(await send(5, { ...MESSAGE, to: ["root@example.org", "new@example.org"] })).toEqual({
      sent: 1,
      already: 1,
      suppressed: 0,
    });
    expect(sender.mails.map(({ recipient }) => recipient)).toEqual(["root@example.org", "new@example.org"]);
  });
});

describe("SES says no: the claim is given back", () => {
  const rows: [why: string, turn: Turn, error: string][] = [
    ["refused for good; once its cause is put right, the same message may go", "refuse", "MailRefusedError"],
    ["too fast: SES certainly did not take it", "throttle", "SendingTooFastError"],
    ["the quota is used up: neither did it then", "quota", "QuotaUsedUpError"],
    [
      "the sender is not ours, which is nobody's fault among the recipients",
      "refuse-sender",
      "SenderRefusedError",
    ],
    ["an error that is the request's fault and has no name here", "forbid", "AccessDenied"],
  ];
  test.each(rows)("%s", async (_why, turn, name) => {
    const { send, sender } = scene(turn);
    await expect(send()).rejects.toMatchObject({ name });
    expect(await send(1)).toEqual({ sent: 1, already: 0, suppressed: 0 });
    expect(sender.mails).toHaveLength(1);
  });
});

describe("the answer is lost: nobody knows whether SES took it", () => {
  const unknown: [why: string, turn: Turn, error: string][] = [
    ["the connection broke after SES took it", "lost", "AnswerLostError"],
    ["an internal error of SES promises nothing", "break", "AnswerLostError"],
  ];
  test.each(unknown)("%s: in doubt, and not sent again at once", async (_why, turn, name) => {
    const { send, sender } = scene(turn);
    await expect(send()).rejects.toMatchObject({ name });
    const accepted = sender.mails.length;
    await expect(send(1)).rejects.toMatchObject(inDoubt);
    await expect(send(DOUBT_SECONDS - 1)).rejects.toMatchObject(inDoubt);
    expect(sender.mails).toHaveLength(accepted);
  });

  test("SES's own event settles it: sent, and never again", async () => {
    const { send, sender, ports } = scene("lost");
    await expect(send()).rejects.toThrow("socket hang up");
    await recordOutcome("test", sesEvent("sent", { key: KEY }), ports);
    expect(await send(DOUBT_SECONDS + 1)).toEqual({ sent: 0, already: 1, suppressed: 0 });
    expect(sender.mails).toHaveLength(1);
  });

  test("no event by then: it is sent again, because lost would be worse than twice", async () => {
    const { send, sender } = scene("break");
    await expect(send()).rejects.toThrow();
    expect(await send(DOUBT_SECONDS)).toEqual({ sent: 1, already: 0, suppressed: 0 });
    expect(sender.mails).toHaveLength(1);
  });

  test("two runs take over the same doubt: one of them sends", async () => {
    const { send, sender } = scene("break");
    await expect(send()).rejects.toThrow();
    const both = await Promise.allSettled([send(DOUBT_SECONDS), send(DOUBT_SECONDS)]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(sender.mails).toHaveLength(1);
  });

  test("a take-over that is lost as well begins a doubt of its own", async () => {
    const { send } = scene("break", "break");
    await expect(send()).rejects.toThrow();
    await expect(send(DOUBT_SECONDS)).rejects.toMatchObject({ name: "AnswerLostError" });
    await expect(send(DOUBT_SECONDS + 10)).rejects.toMatchObject(inDoubt);
    expect(await send(2 * DOUBT_SECONDS)).toEqual({ sent: 1, already: 0, suppressed: 0 });
  });

  test("it died between SES's answer and the ledger: in doubt as well, then settled by the event", async () => {
    const { sender, ledger, ports } = scene();
    const died: SendLedger = { ...ledger, markSent: () => Promise.reject(new Error("power failure")) };
    await expect(sendMessage("test", MESSAGE, START, { ...ports, ledger: died })).rejects.toThrow(
      "power failure",
    );
    await expect(sendMessage("test", MESSAGE, START, ports)).rejects.toMatchObject(inDoubt);
    await recordOutcome("test", sesEvent("sent", { key: sender.mails[0]?.key ?? "" }), ports);
    expect(await sendMessage("test", MESSAGE, START, ports)).toEqual({ sent: 0, already: 1, suppressed: 0 });
  });

  test("it died between the claim and SES: nothing went out, and it goes once the doubt is over", async () => {
    const { sender, send, ports } = scene();
    const died = { send: () => Promise.reject(new Error("power failure")) };
    await expect(sendMessage("test", MESSAGE, START, { ...ports, sender: died })).rejects.toThrow();
    await expect(send(1)).rejects.toMatchObject(inDoubt);
    expect(await send(DOUBT_SECONDS)).toEqual({ sent: 1, already: 0, suppressed: 0 });
    expect(sender.mails).toHaveLength(1);
  });
});

describe("the ledger does not take that a mail went out", () => {
  const refusals: [why: string, name: string][] = [
    ["it is asked too often", "ProvisionedThroughputExceededException"],
    ["it may not be asked any more", "AccessDeniedException"],
  ];
  test.each(refusals)("%s: SES took the mail all the same, so the claim stays", async (_why, name) => {
    const { send, sender, ledger, ports } = scene();
    const refusal = Object.assign(new Error(name), { name, $fault: "client" });
    const mute = { ...ledger, markSent: () => Promise.reject(refusal) };
    await expect(sendMessage("test", MESSAGE, START, { ...ports, ledger: mute })).rejects.toBe(refusal);
    await expect(send(1)).rejects.toMatchObject(inDoubt);
    expect(sender.mails).toHaveLength(1);
  });
});

describe("an address that is suppressed", () => {
  test("gets nothing, in whatever case it is written; the others do; and it is neither sent nor an error", async () => {
    const { send, sender, suppressions } = scene();
    await suppressions.suppress("Gone@example.org", "bounced Permanent", START);
    const to = ["gone@EXAMPLE.org", "root@example.org"];
    expect(await send(0, { ...MESSAGE, to })).toEqual({ sent: 1, already: 0, suppressed: 1 });
    expect(sender.mails.map(({ recipient }) => recipient)).toEqual(["root@example.org"]);
  });

  test("leaves no claim behind: the mail goes once the suppression is lifted", async () => {
    const { send, ledger, suppressions } = scene();
    await suppressions.suppress("root@example.org", "bounced Permanent", START);
    expect(await send()).toEqual({ sent: 0, already: 0, suppressed: 1 });
    expect(ledger.sends.size).toBe(0);
    await suppressions.lift("root@example.org", START);
    expect(await send(1)).toEqual({ sent: 1, already: 0, suppressed: 0 });
  });
});
