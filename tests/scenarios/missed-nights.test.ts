import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Account, chargeFor, type Day } from "#ledger";
import { dynamoDbLedger } from "../../functions/billing/adapters/dynamodb-ledger.ts";
import { billingTerms, ratesFor } from "../../functions/billing/terms.ts";
import { bucketName, FREEBSD_NOWHERE } from "../../local/rehearsal/environment.ts";
import { type Customer, nightCustomers } from "../../local/rehearsal/night-customers.ts";
import { setNightScene } from "../../local/rehearsal/night-scene.ts";
import { STAGE } from "../../local/rehearsal/stage.ts";
import { putUsage } from "../../local/rehearsal/usage-objects.ts";
import { openTheatre, type Theatre, type Walk, walk } from "../state-machines/walked-run.ts";

/*
 * Goal: two nights were missed, over the end of a month and a change of price, and one run catches up.
 * - Each day is billed in order, at its own rate and by the length of its own month.
 * - The month is closed in between, and its statement goes out.
 */

const DAYS: Day[] = ["2026-11-30", "2026-12-01", "2026-12-02"];
const TIME = "2026-12-03T00:30:00.000Z";

let theatre: Theatre;
let customers: Customer[];
let run: Walk;
let again: Walk;

beforeAll(async () => {
  const dearer = '    - { from: "2026-12-02", storage: 300, bandwidth: 300 }\n\n  minimumPayment';
  theatre = await openTheatre([], (fleet) => fleet.replace("\n  minimumPayment", dearer));
  const { stage } = theatre;
  customers = nightCustomers(billingTerms(stage.fleet), "2026-11-30", "2026-12-01", 10);
  await setNightScene(stage, new Date("2026-12-01T00:30:00.000Z"), 10);
  const credentials = { accessKeyId: "OWNER", secretAccessKey: "owner" };
  const client = { region: stage.fleet.regions.home, endpoint: theatre.power.door.url, credentials };
  const lines = customers.map(({ usage }) => usage);
  for (const day of DAYS.slice(1))
    await putUsage(client, bucketName(STAGE, stage.cloud.accountId), day, [lines]);
  run = await walk(theatre, "billing-nightly", { time: TIME }, "catching-up");
  again = await walk(theatre, "billing-nightly", { time: TIME }, "again");
}, 60_000);
afterAll(() => theatre.close());

describe("nights that were missed", () => {
  it("are billed by one run, and a second finds nothing to do", () => {
    expect(run.outcome).toMatchObject({ status: "SUCCEEDED", output: { until: "2026-12-03" } });
    expect(again.outcome).toMatchObject({ status: "SUCCEEDED" });
    expect(again.tasks).toEqual(["FindDay"]);
  });

  it("each at its own day's rate", async () => {
    const terms = billingTerms(theatre.stage.fleet);
    const rates = DAYS.map((day) => ratesFor(terms, day).storagePerByteDay);
    expect(rates).toEqual([8_333_333n, 8_064_516n, 9_677_419n]); // 30 days, 31 days, 31 days at 300
    for (const { name, account, usage } of customers) {
      if (account === undefined) continue;
      const isCharged = account.parkedOn === undefined;
      const charges = DAYS.map((day) => (isCharged ? chargeFor(usage, ratesFor(terms, day)).total : 0n));
      const balance = charges.reduce<bigint>((left, charge) => left - charge, account.balance);
      expect([name, (await read(name))?.balance]).toEqual([name, balance]);
    }
  });

  it("with the month closed in between, once, and its balance carried on", async () => {
    for (const { name, account } of customers) {
      if (account === undefined || account.parkedOn !== undefined) continue;
      const [november, ...others] = await ledger().statements(name);
      const december = await read(name);
      expect(others).toEqual([]);
      expect(Object.keys(november?.charges ?? {})).toEqual(["29", "30"]);
      expect(december).toMatchObject({ month: "2026-12", opening: november?.closing });
      expect(Object.keys(december?.charges ?? {})).toEqual(["01", "02"]);
    }
  });

  it("and a countdown that begins when the customer is told, not on the day that was billed", async () => {
    expect(await read("c004")).toMatchObject({ suspendedOn: "2026-11-30", deletableFrom: "2026-12-10" });
  });
});

function ledger() {
  const { stage } = theatre;
  const bucket = bucketName(STAGE, stage.cloud.accountId);
  const region = stage.fleet.regions.home;
  return dynamoDbLedger({
    stage: STAGE,
    region,
    functionName: "owner",
    fleetFile: "",
    sshPort: 22,
    bucket,
    twilioUrl: "https://twilio.invalid",
    ...FREEBSD_NOWHERE,
  });
}

function read(name: string): Promise<Account | undefined> {
  return ledger().read(name);
}
