import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "@jest/globals";
import { handler as recordOutcome } from "../../../../functions/mail/handlers/record-outcome.ts";
import { handler as sendMessage } from "../../../../functions/mail/handlers/send-message.ts";
import { sendKey } from "../../../../functions/mail/message.ts";
import { DOUBT_SECONDS } from "../../../../functions/mail/send-once.ts";
import { type OpenStage, openStage } from "../../ami/fakes/open-stage.ts";
import { sampleEvent } from "../fakes/ses-events.ts";

const MESSAGE = {
  id: "base-20261122-0400/built",
  from: "nightshift@example.org",
  to: ["root@example.org"],
  subject: "Abbild „base“: built",
  text: "It is there.\n.\nA line with a lone dot is above.\n",
};

let open: OpenStage;
afterEach(() => open.close());

const send = (message: object = MESSAGE) => open.call(sendMessage, { message });
const mails = () => open.stage.cloud.mails();

test("a message becomes a mail, once, and carries what SES's event will bring back", async () => {
  open = await openStage();
  expect(await send()).toEqual({ sent: 1, already: 0, suppressed: 0 });
  expect(await send()).toEqual({ sent: 0, already: 1, suppressed: 0 });
  expect(mails()).toHaveLength(1);
  const [mail] = mails();
  expect(mail).toMatchObject({
    source: MESSAGE.from,
    destinations: MESSAGE.to,
    tags: { "nightshift-send": sendKey("rehearsal", MESSAGE.id, "root@example.org") },
  });
  const text = readFileSync(mail?.file ?? "", "latin1");
  expect(text).toMatch(/^Auto-Submitted: auto-generated\r?$/m);
  expect(text).toMatch(/^Subject: =\?UTF-8\?/m);
});

describe("hostile input is refused, with the field named, and nothing is sent", () => {
  test("a line break in subject or recipient", async () => {
    open = await openStage();
    for (const [field, change] of [
      ["message.subject", { subject: "Hello\r\nBcc: all@example.org" }],
      ["message.to[0]", { to: ["root@example.org\r\nBcc: all@example.org"] }],
    ] as const) {
      await expect(send({ ...MESSAGE, ...change })).rejects.toMatchObject({
        name: "InvalidInputError",
        message: expect.stringContaining(field),
      });
    }
    expect(mails()).toEqual([]);
    expect(open.stage.cloud.calls().filter(({ operation }) => operation === "SendRawEmail")).toEqual([]);
  });
});

describe("SES says no", () => {
  test("for good: refused by name, and free to go once the cause is put right", async () => {
    open = await openStage("ses:SendRawEmail:MessageRejected");
    await expect(send()).rejects.toMatchObject({ name: "MailRefusedError" });
    expect(await send()).toEqual({ sent: 1, already: 0, suppressed: 0 });
  });

  test("too fast: worth another try, which succeeds", async () => {
    open = await openStage("ses:SendRawEmail:Throttling");
    await expect(send()).rejects.toMatchObject({ name: "TransientError" });
    expect(await send()).toEqual({ sent: 1, already: 0, suppressed: 0 });
    expect(mails()).toHaveLength(1);
  });
});

describe("SES's answer says nothing", () => {
  test("an internal error: in doubt, and sent again only after the time for SES's event", async () => {
    open = await openStage("ses:SendRawEmail:InternalFailure");
    await expect(send()).rejects.toMatchObject({ name: "TransientError" });
    await expect(send()).rejects.toMatchObject({ name: "SendInDoubtError" });
    open.stage.clock.advance(DOUBT_SECONDS * 1000);
    expect(await send()).toEqual({ sent: 1, already: 0, suppressed: 0 });
    expect(mails()).toHaveLength(1);
  });

  test("a whole event as EventBridge delivers it settles the doubt: nothing is sent again", async () => {
    open = await openStage("ses:SendRawEmail:InternalFailure");
    await expect(send()).rejects.toThrow();
    const key = sendKey("rehearsal", MESSAGE.id, "root@example.org");
    await open.call(recordOutcome, sampleEvent("sent", { key, stage: "rehearsal" }));
    open.stage.clock.advance(DOUBT_SECONDS * 1000);
    expect(await send()).toEqual({ sent: 0, already: 1, suppressed: 0 });
    expect(mails()).toEqual([]);
  });
});

test("an event that is not SES's is refused, with the field named", async () => {
  open = await openStage();
  await expect(open.call(recordOutcome, { detail: { mail: {} } })).rejects.toMatchObject({
    name: "InvalidInputError",
    message: expect.stringContaining("detail.mail.messageId"),
  });
});
