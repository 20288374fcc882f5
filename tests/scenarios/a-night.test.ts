import { readFileSync } from "node:fs";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Account, attodollars, chargeFor, formatDollars, sum } from "#ledger";
import { dynamoDbDayBook } from "../../functions/billing/adapters/dynamodb-day-book.ts";
import { dynamoDbLedger } from "../../functions/billing/adapters/dynamodb-ledger.ts";
import { billingTerms, ratesFor } from "../../functions/billing/terms.ts";
import { bucketName, FREEBSD_NOWHERE } from "../../local/rehearsal/environment.ts";
import { type Customer, nightCustomers } from "../../local/rehearsal/night-customers.ts";
import { setNightScene } from "../../local/rehearsal/night-scene.ts";
import { STAGE } from "../../local/rehearsal/stage.ts";
import { openTheatre, type Theatre, type Walk, walk } from "../state-machines/walked-run.ts";

/*
 * Goal: a night in which much goes wrong ends as one in which nothing did.
 * - Usage arrives, one of its parts corrupt. The power fails in the middle of charging.
 * - The run is taken up: the other parts are billed, the corrupt one is named, the day stays open.
 * - The service puts the part right, the night is run again, and the day is closed.
 * - Every account was charged once, everybody was written to once, and the morning's report says what there is.
 */

const DAY = "2026-11-22";
const TIME = new Date("2026-11-23T00:30:00.000Z");
const BROKEN = "part-00002.jsonl.gz";

let theatre: Theatre;
let customers: Customer[];
let crashed: boolean;
let taken: Walk;
let afterFirst: Map<string, Account>;
let again: Walk;
let accounts: Map<string, Account>;

beforeAll(async () => {
  theatre = await openTheatre();
  const { stage } = theatre;
  customers = nightCustomers(billingTerms(stage.fleet), DAY, "2026-11-23");
  await setNightScene(stage, TIME);
  await corrupt(BROKEN);
  crashed = await chargeUntilThePowerFails(25);
  taken = await walk(await powerUp(), "billing-nightly", { time: TIME.toISOString() }, "the-night");
  afterFirst = await readAccounts();
  await setUsageRight();
  again = await walk(theatre, "billing-nightly", { time: TIME.toISOString() }, "the-night-again");
  await stage.settle();
  accounts = await readAccounts();
}, 60_000);
afterAll(() => theatre.close());

describe("a night in which much goes wrong", () => {
  it("died in the middle of charging", () => {
    expect(crashed).toBe(true);
  });

  it("taken up, it bills the other parts, names the broken one, and keeps the day open", () => {
    expect(taken.outcome).toMatchObject({
      status: "FAILED",
      error: "DayStaysOpenError",
      cause: "part 2 was not billed: CorruptPartError",
    });
    for (const [index, { name, account }] of customers.entries()) {
      const isCharged = afterFirst.get(name)?.charges["22"] !== undefined;
      const isExpected = account !== undefined && account.parkedOn === undefined && index % 4 !== 2;
      expect([name, isCharged]).toEqual([name, isExpected]);
    }
  });

  it("run again, it closes the day", async () => {
    expect(again.outcome).toMatchObject({ status: "SUCCEEDED" });
    expect(again.tasks).toEqual(expect.arrayContaining(["BillPart 2", "SettleDay", "CloseDay"]));
  });

  it("every account was charged once, to the attodollar", () => {
    const rates = ratesFor(billingTerms(theatre.stage.fleet), DAY);
    for (const { name, account, usage } of customers) {
      if (account === undefined) continue;
      const charged = account.parkedOn === undefined ? chargeFor(usage, rates).total : 0n;
      expect([name, accounts.get(name)?.balance]).toEqual([name, account.balance - charged]);
    }
  });

  it("everybody whom something befell was written to, once", () => {
    const written = mails().map(({ to, subject }) => `${to}: ${subject}`);
    const told = written.filter((one) => !one.startsWith(theatre.stage.fleet.owner.mail));
    expect(new Set(told).size).toBe(told.length);
    const customersTold = told.map((one) => one.split("@")[0]).sort();
    expect(customersTold).toEqual(["c002", "c004", "c005", "c006"]);
  });

  it("the owner gets one report of the day as it stood open, and one of the day as it was closed", () => {
    const reports = mails().filter(({ to }) => to === theatre.stage.fleet.owner.mail);
    expect(reports).toHaveLength(2);
    expect(reports[0]?.text).toContain("part 2 was not billed: CorruptPartError");
    const [, closed] = reports;
    const charges = customers.flatMap(({ name }) => accounts.get(name)?.charges["22"] ?? []);
    expect(closed?.text).toContain(formatDollars(sum(charges)));
    expect(closed?.text).toContain("c003"); // whose usage tripled
    expect(closed?.text).toContain("c006"); // whose seven days are over
    expect(closed?.text).toMatch(/[▁▂▃▄▅▆▇█]{10}/); // the chart
  });

  it("the book and the accounts agree", async () => {
    const record = await dynamoDbDayBook(settings()).read(DAY);
    const charges = customers.flatMap(({ name }) => accounts.get(name)?.charges["22"] ?? []);
    expect(record).toMatchObject({ state: "closed", tally: { accounts: charges.length, unbilledCount: 2 } });
    const { storage = 0n, bandwidth = 0n } = record?.tally ?? {};
    expect(attodollars(storage + bandwidth)).toBe(sum(charges));
    const audit = await walk(theatre, "billing-audit", { time: TIME.toISOString() }, "audit");
    const balance = sum([...accounts.values()].map((account) => account.balance));
    expect(audit.outcome).toMatchObject({ output: { accounts: accounts.size, balance: String(balance) } });
  });
});

function settings() {
  const { stage } = theatre;
  const bucket = bucketName(STAGE, stage.cloud.accountId);
  return {
    stage: STAGE,
    region: stage.fleet.regions.home,
    functionName: "owner",
    fleetFile: "",
    sshPort: 22,
    bucket,
    twilioUrl: "https://twilio.invalid",
    ...FREEBSD_NOWHERE,
  };
}

/** The power fails at the n-th charge; what was under way then is never answered. */
async function chargeUntilThePowerFails(charges: number): Promise<boolean> {
  const { power } = theatre;
  const { promise: dead, resolve } = Promise.withResolvers<boolean>();
  const execution = await power.engine.start("billing-nightly", "the-night", { time: TIME.toISOString() });
  let count = 0;
  power.door.onCall = async (call, phase) => {
    if (phase === "after" && call.caller.endsWith("billing-bill-part") && call.operation === "UpdateItem")
      count += 1;
    if (count < charges) return;
    power.door.freeze();
    execution.kill();
    resolve(true);
    await new Promise(() => undefined);
  };
  return Promise.race([dead, execution.outcome.then(() => false)]);
}

async function powerUp(): Promise<Theatre> {
  theatre = { ...theatre, power: await theatre.stage.powerUp() };
  return theatre;
}

async function corrupt(key: string): Promise<void> {
  const s3 = new S3Client({ region: theatre.stage.fleet.regions.home });
  const Bucket = bucketName(STAGE, theatre.stage.cloud.accountId);
  await s3.send(new PutObjectCommand({ Bucket, Key: `usage/${DAY}/${key}`, Body: Buffer.from("not gzip") }));
  s3.destroy();
}

/** The service uploads the day once more, as it was meant. */
async function setUsageRight(): Promise<void> {
  const { putUsage } = await import("../../local/rehearsal/usage-objects.ts");
  const lines = customers.map(({ usage }) => usage);
  const parts = [0, 1, 2, 3].map((part) => lines.filter((_, index) => index % 4 === part));
  const credentials = { accessKeyId: "OWNER", secretAccessKey: "owner" };
  const client = { region: theatre.stage.fleet.regions.home, endpoint: theatre.power.door.url, credentials };
  await putUsage(client, bucketName(STAGE, theatre.stage.cloud.accountId), DAY, parts);
}

async function readAccounts(): Promise<Map<string, Account>> {
  const ledger = dynamoDbLedger(settings());
  const read = await Promise.all(customers.map(({ name }) => ledger.read(name)));
  return new Map(
    read.flatMap((account) => (account === undefined ? [] : [[account.account, account] as const])),
  );
}

/** Mails in the order in which they went out; the text part, as a reader sees it. */
function mails(): { to: string; subject: string; text: string }[] {
  return theatre.stage.cloud.mails().map(({ file, destinations }) => {
    const raw = readFileSync(file, "latin1").replaceAll(/=\r?\n/g, "");
    const bytes = raw.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    const text = Buffer.from(bytes, "latin1").toString("utf8");
    return { to: destinations.join(), subject: /^Subject: (.*)$/m.exec(text)?.[1] ?? "", text };
  });
}
