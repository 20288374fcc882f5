import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { accountItem, accountTableName, addDays, attodollars, type Day, dayOf, formatDollars } from "#ledger";
import type { Settings } from "#platform";
import { valuesOf } from "../../functions/billing/adapters/conditional-update.ts";
import { dynamoDbDayBook } from "../../functions/billing/adapters/dynamodb-day-book.ts";
import { type DayRecord, revenueOf, toJson } from "../../functions/billing/day-record.ts";
import { NOTHING } from "../../functions/billing/part-progress.ts";
import { billingTerms } from "../../functions/billing/terms.ts";
import type { UsageLine } from "../../functions/billing/usage/usage-line.ts";
import type { Cloud } from "../cloud/contract.ts";
import { bucketName, FREEBSD_NOWHERE } from "./environment.ts";
import { type Customer, chargedBefore, nightCustomers } from "./night-customers.ts";
import type { ClientOptions } from "./prepared-account.ts";
import type { RehearsalReport } from "./report.ts";
import { type RehearsalStage, STAGE } from "./stage.ts";
import { putUsage } from "./usage-objects.ts";

/** Parts of the day, so that a night has several. */
const PARTS = 4;
/** Closed days before the night, for the report's chart. */
const HISTORY_DAYS = 29;

/** Puts a service with customers into the account: their balances, the nights before, and the usage of one day. */
export async function setNightScene(stage: RehearsalStage, time: Date, count?: number): Promise<void> {
  const today = dayOf(time);
  const day = addDays(today, -1);
  const customers = nightCustomers(billingTerms(stage.fleet), day, today, count);
  const door = await stage.cloud.openDoor();
  const client = {
    region: stage.fleet.regions.home,
    endpoint: door.url,
    credentials: { accessKeyId: "OWNER", secretAccessKey: "owner" },
  };
  await putAccounts(client, customers);
  await putHistory(client, customers, day);
  await putUsage(client, bucketName(STAGE, stage.cloud.accountId), day, partsOf(customers));
  await door.close();
}

/**
 * What the book of days says of the day that the night was about, for a report. Undefined: nothing.
 * @param unitsBefore  what had been consumed when the night began
 */
export async function bookedDay(
  stage: RehearsalStage,
  time: Date,
  unitsBefore: ReturnType<Cloud["requestUnits"]>,
): Promise<RehearsalReport["night"]> {
  const settings: Settings = {
    stage: STAGE,
    region: stage.fleet.regions.home,
    functionName: "owner",
    fleetFile: "",
    sshPort: 22,
    bucket: bucketName(STAGE, stage.cloud.accountId),
    twilioUrl: "https://twilio.invalid",
    ...FREEBSD_NOWHERE,
  };
  const record = await dynamoDbDayBook(settings).read(addDays(dayOf(time), -1));
  if (record === undefined) return undefined;
  const { tally } = record;
  const table = accountTableName(STAGE);
  const written = (stage.cloud.requestUnits()[table]?.write ?? 0) - (unitsBefore[table]?.write ?? 0);
  return {
    day: record.day,
    state: record.state,
    reasons: record.reasons,
    accounts: tally.accounts,
    revenue: formatDollars(revenueOf(record)),
    low: tally.low,
    suspended: tally.suspended,
    unbilled: tally.unbilled,
    writesPerAccount: tally.accounts === 0 ? 0 : written / tally.accounts,
  };
}

function partsOf(customers: readonly Customer[]): UsageLine[][] {
  const lines = customers.map(({ usage }) => usage);
  return Array.from({ length: PARTS }, (_, part) => lines.filter((_, index) => index % PARTS === part));
}

async function putAccounts(client: ClientOptions, customers: readonly Customer[]): Promise<void> {
  const dynamodb = new DynamoDBClient(client);
  for (const { account } of customers) {
    if (account === undefined) continue;
    const Item = valuesOf(accountItem(account));
    await dynamodb.send(new PutItemCommand({ TableName: accountTableName(STAGE), Item }));
  }
  dynamodb.destroy();
}

/** Nights that went well, each a little less than the next. */
async function putHistory(client: ClientOptions, customers: readonly Customer[], day: Day): Promise<void> {
  const { accounts, storage, total } = chargedBefore(customers);
  const dynamodb = new DynamoDBClient(client);
  for (let ago = 1; ago <= HISTORY_DAYS; ago += 1) {
    const share = (amount: bigint) => attodollars((amount * BigInt(200 - ago - (ago % 7))) / 200n);
    const [storageThen, totalThen] = ago === 1 ? [storage, total] : [share(storage), share(total)];
    const tally = {
      ...NOTHING,
      accounts: ago === 1 ? accounts : accounts - (ago >> 3),
      storage: storageThen,
      bandwidth: attodollars(totalThen - storageThen),
    };
    await dynamodb.send(new PutItemCommand(recordItem({ day: addDays(day, -ago), tally })));
  }
  dynamodb.destroy();
}

function recordItem({ day, tally }: Pick<DayRecord, "day" | "tally">) {
  const facts = { day, time: `${addDays(day, 1)}T00:30:00.000Z`, manifest: "", reasons: [], tally };
  return {
    TableName: `nightshift-${STAGE}-billing-days`,
    Item: { book: { S: "days" }, day: { S: day }, state: { S: "closed" }, facts: { S: toJson(facts) } },
  };
}
