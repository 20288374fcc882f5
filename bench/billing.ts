import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { accountItem, accountTableName, addDays, chargeFor, type Day, ratesOn, type Usage } from "#ledger";
import { useLogOutput } from "#platform";
import { valuesOf } from "../functions/billing/adapters/conditional-update.ts";
import { dynamoDbLedger } from "../functions/billing/adapters/dynamodb-ledger.ts";
import { chargeAccount } from "../functions/billing/charge-account.ts";
import { bucketName, FREEBSD_NOWHERE } from "../local/rehearsal/environment.ts";
import { STAGE, setStage } from "../local/rehearsal/stage.ts";
import { sampleAccounts, sampleUsage } from "../local/usage/sample-usage.ts";

/*
 * What two months of nights consume, by the capacity that DynamoDB counts: an account as one item with one conditional
 * update a night, beside the usual ledger of an entry item and a balance item, which needs a transaction to be safe
 * and so pays two units for each of its two writes (DynamoDB developer guide, "Read/write capacity of transactions").
 */
const ACCOUNTS = 60;
const FIRST: Day = "2026-11-01";
const DAYS = 61;
/** $ per million write request units, on demand, us-east-1 (DynamoDB price list). */
const PER_MILLION_WRITES = 0.625;

useLogOutput(() => undefined);
const root = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "nightshift-bench-"));
const stage = await setStage({
  root,
  fleetFile: join(root, "fleet.yml"),
  folder,
  time: new Date(),
  faults: [],
});
try {
  await stage.powerUp();
  const region = stage.fleet.regions.home;
  const dynamodb = new DynamoDBClient({ region });
  await openAccounts(dynamodb);
  const ours = await count(() => billAll(region));
  const peer = await count(() => billPeer(dynamodb));
  dynamodb.destroy();
  report(ours, peer);
} finally {
  await stage.close();
  rmSync(folder, { recursive: true, force: true });
}

async function openAccounts(dynamodb: DynamoDBClient): Promise<void> {
  for (const account of sampleAccounts(ACCOUNTS, "2026-10")) {
    const Item = valuesOf(accountItem(account));
    await dynamodb.send(new PutItemCommand({ TableName: accountTableName(STAGE), Item }));
  }
}

async function billAll(region: string): Promise<void> {
  const bucket = bucketName(STAGE, stage.cloud.accountId);
  const settings = {
    stage: STAGE,
    region,
    functionName: "bench",
    fleetFile: "",
    sshPort: 22,
    bucket,
    twilioUrl: "https://twilio.invalid",
    ...FREEBSD_NOWHERE,
  };
  const ledger = dynamoDbLedger(settings);
  for (let offset = 0; offset < DAYS; offset += 1) {
    const day = addDays(FIRST, offset);
    for (const { account, ...usage } of sampleUsage(day, ACCOUNTS)) {
      const request = { day, part: 0n, usage, charge: chargeOf(usage, day) };
      await chargeAccount(ledger, account, request, addDays(day, 1));
    }
  }
}

/** The peer, without its transactions, which dynalite does not have: its units are doubled in the report. */
async function billPeer(dynamodb: DynamoDBClient): Promise<void> {
  const TableName = accountTableName(STAGE);
  for (let offset = 0; offset < DAYS; offset += 1) {
    const day = addDays(FIRST, offset);
    for (const { account, ...usage } of sampleUsage(day, ACCOUNTS)) {
      const amount = { N: String(chargeOf(usage, day).total) };
      const entry = { account: { S: `peer-${account}-${day}` }, amount };
      await dynamodb.send(
        new PutItemCommand({ TableName, Item: entry, ConditionExpression: "attribute_not_exists(account)" }),
      );
      await dynamodb.send(
        new UpdateItemCommand({
          TableName,
          Key: { account: { S: `peer-${account}` } },
          UpdateExpression: "ADD balance :amount",
          ExpressionAttributeValues: { ":amount": amount },
        }),
      );
    }
  }
}

function chargeOf(usage: Usage, day: Day) {
  const tariff = { from: FIRST, storagePicodollarsPerByteMonth: 250n, bandwidthPicodollarsPerByte: 250n };
  return chargeFor(usage, ratesOn(day, [tariff]));
}

async function count(work: () => Promise<void>): Promise<{ write: number; read: number }> {
  const before = used();
  await work();
  const after = used();
  const nights = ACCOUNTS * DAYS;
  return { write: (after.write - before.write) / nights, read: (after.read - before.read) / nights };
}

function used(): { write: number; read: number } {
  const all = Object.values(stage.cloud.requestUnits());
  return {
    write: all.reduce((sum, one) => sum + one.write, 0),
    read: all.reduce((sum, one) => sum + one.read, 0),
  };
}

function report(ours: { write: number; read: number }, peer: { write: number; read: number }): void {
  const line = (what: string, units: number) =>
    `  ${what.padEnd(44)} ${units.toFixed(3).padStart(6)}  $${(units * PER_MILLION_WRITES).toFixed(2).padStart(5)}`;
  console.log(`charges: ${ACCOUNTS} accounts, ${DAYS} nights over two month's ends, by consumed capacity`);
  console.log(`  ${"".padEnd(44)} write units  a night of a million accounts`);
  console.log(line("one item, one conditional update", ours.write));
  console.log(line("entry and balance, in a transaction", peer.write * 2));
  console.log(
    `  ratio ${(ours.write / (peer.write * 2)).toFixed(2)}; read units an account and night: ${ours.read.toFixed(3)}\n`,
  );
}
