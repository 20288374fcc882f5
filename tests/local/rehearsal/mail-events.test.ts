import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SendRawEmailCommand } from "@aws-sdk/client-ses";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "@jest/globals";
import { mailEvents, type RegionalBus } from "../../../local/rehearsal/mail-events.ts";
import { openRehearsedAccount, type RehearsedAccount } from "../cloud/rehearsed-account.ts";

const ROOT = join(import.meta.dirname, "../../..");

/** A project in which somebody wants to hear of deliveries and bounces as well. */
let project: string;
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "nightshift-patterns-"));
  const patterns = join(project, "events", "patterns");
  mkdirSync(patterns, { recursive: true });
  cpSync(join(ROOT, "events/patterns/ses-email-sent.yml"), join(patterns, "sent.yml"));
  for (const type of ["Email Delivered", "Email Bounced"]) {
    const pattern = { source: ["aws.ses"], "detail-type": [type], function: "mail/record-outcome" };
    writeFileSync(join(patterns, `${type}.yml`), JSON.stringify(pattern));
  }
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

let account: RehearsedAccount;
beforeEach(async () => {
  account = await openRehearsedAccount({ ses: { sandbox: false, mailsPerDay: 100, mailsPerSecond: 100 } });
  account.cloud.verifyIdentity("example.org");
});
afterEach(() => account.close());

async function send(name = "success"): Promise<string> {
  const Data = Buffer.from("From: n@example.org\r\n\r\ntext\r\n");
  const Destinations = [`${name}@simulator.amazonses.com`];
  const sent = await account.ses.send(new SendRawEmailCommand({ RawMessage: { Data }, Destinations }));
  return sent.MessageId ?? "";
}

interface Told {
  readonly source: string;
  readonly detail: { readonly eventType: string; readonly mail: { readonly messageId: string } };
}

/** EventBridge in front of the account; `taken` is what its targets were given, as "target type message". */
function prepare(place: RegionalBus = { region: "us-east-1", place: "home" }) {
  const taken: string[] = [];
  const bus = mailEvents(account.cloud, project, place);
  const take = async ({ domain, handler }: { domain: string; handler: string }, event: unknown) => {
    const { detail } = event as Told;
    taken.push(`${domain}/${handler} ${detail.eventType} ${detail.mail.messageId}`);
  };
  return { taken, bus, take, deliver: () => bus.deliver(take), settle: () => bus.settle(take) };
}

it("tells of each mail once, and each event when its time has come", async () => {
  const { taken, deliver } = prepare();
  const first = await send();
  await deliver();
  await deliver();
  expect(taken).toEqual([`mail/record-outcome Send ${first}`]);
  const second = await send("bounce");
  account.wait(10);
  await deliver();
  await deliver();
  expect(taken.slice(1)).toEqual([
    `mail/record-outcome Send ${second}`,
    `mail/record-outcome Delivery ${first}`,
    `mail/record-outcome Bounce ${second}`,
  ]);
});

it("settles: time passes until all is told, and only then", async () => {
  const { taken, settle } = prepare();
  const id = await send();
  await send("complaint");
  const before = account.clock.now();
  await settle();
  expect(taken.filter((line) => line.endsWith(id)).map((line) => line.split(" ")[1])).toEqual([
    "Send",
    "Delivery",
  ]);
  expect(taken).toHaveLength(4); // a complaint is nobody's in this project
  const after = account.clock.now();
  expect(after.getTime() - before.getTime()).toBeGreaterThan(20_000);
  await settle();
  expect(account.clock.now()).toEqual(after);
  expect(taken).toHaveLength(4);
});

it("settles what the targets themselves send, too", async () => {
  const { bus, taken, take } = prepare();
  await send();
  await bus.settle(async (target, event) => {
    await take(target, event);
    if (taken.length === 1) await send("bounce");
  });
  expect(taken.map((line) => line.split(" ")[1])).toEqual(["Send", "Delivery", "Send", "Bounce"]);
});

it("tells again of a mail whose target failed", async () => {
  const { bus, taken, deliver } = prepare();
  const id = await send();
  await expect(bus.deliver(() => Promise.reject(new Error("died")))).rejects.toThrow("died");
  await deliver();
  expect(taken).toEqual([`mail/record-outcome Send ${id}`]);
});

it("tells again after a power failure, in which the target never answers and nobody hears of it", async () => {
  const { bus, taken, settle } = prepare();
  const id = await send("bounce");
  account.wait(10);
  void bus.deliver(() => new Promise(() => undefined)); // begun, and never done
  await settle();
  expect(taken).toEqual([`mail/record-outcome Send ${id}`, `mail/record-outcome Bounce ${id}`]);
});

it("delivers nothing twice when two deliveries run side by side and the first of them is done", async () => {
  const { bus, taken, take, deliver } = prepare();
  await send("bounce");
  account.wait(10);
  let go = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  const slow = bus.deliver(async (target, event) => {
    await gate;
    await take(target, event);
  });
  await deliver();
  go();
  await slow;
  // The first event was under way in both, so it came twice, as it may; the second came once.
  expect(taken.map((line) => line.split(" ")[1])).toEqual(["Send", "Bounce", "Send"]);
});

it.each<{ why: string; bus: RegionalBus }>([
  { why: "mail was sent in another region", bus: { region: "us-west-2", place: "home" } },
  { why: "its targets are deployed elsewhere", bus: { region: "us-east-1", place: "watch" } },
])("tells nobody where $why", async ({ bus }) => {
  const { taken, settle } = prepare(bus);
  await send();
  await settle();
  expect(taken).toEqual([]);
});
