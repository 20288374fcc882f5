import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type ConditionalCheckFailedException,
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  ScanCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { failure, openRehearsedAccount, type RehearsedAccount } from "../rehearsed-account.ts";

let account: RehearsedAccount;
beforeAll(async () => {
  account = await openRehearsedAccount();
  await makeTable("accounts", ["account"]);
  await makeTable("statements", ["account", "month"]);
});
afterAll(() => account.close());

async function makeTable(TableName: string, keys: string[]): Promise<void> {
  await account.dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      KeySchema: keys.map((AttributeName, index) => ({
        AttributeName,
        KeyType: index === 0 ? "HASH" : "RANGE",
      })),
    }),
  );
}

const keyOf = (name: string) => ({ account: { S: name } });
const put = (Item: PutItemCommandInput["Item"], more: Partial<PutItemCommandInput> = {}) =>
  account.dynamodb.send(new PutItemCommand({ TableName: "accounts", Item, ...more }));
const update = (name: string, more: Partial<UpdateItemCommandInput>) =>
  account.dynamodb.send(new UpdateItemCommand({ TableName: "accounts", Key: keyOf(name), ...more }));
const get = async (name: string) =>
  (await account.dynamodb.send(new GetItemCommand({ TableName: "accounts", Key: keyOf(name) }))).Item;

const ABSENT = { ConditionExpression: "attribute_not_exists(account)" };
const ALL_OLD = { ReturnValuesOnConditionCheckFailure: "ALL_OLD" } as const;

/** The error of a write whose condition does not hold. */
async function refusal(write: Promise<unknown>): Promise<ConditionalCheckFailedException> {
  const error: unknown = await write.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: "ConditionalCheckFailedException" });
  return error as ConditionalCheckFailedException;
}

/** What the work consumed of a table. */
async function unitsOf(
  table: string,
  work: () => Promise<unknown>,
): Promise<{ read: number; write: number }> {
  const none = { read: 0, write: 0 };
  const before = account.cloud.requestUnits()[table] ?? none;
  await work();
  const after = account.cloud.requestUnits()[table] ?? none;
  return { read: after.read - before.read, write: after.write - before.write };
}

describe("a write whose condition does not hold", () => {
  const standing = { ...keyOf("held"), balance: { N: "5" }, days: { M: { "2026-11-22": { N: "1" } } } };
  beforeAll(() => put(standing));

  const set = { UpdateExpression: "SET balance = :b", ConditionExpression: "balance = :old" };
  const values = { ExpressionAttributeValues: { ":b": { N: "1" }, ":old": { N: "4" } } };
  const gone = { ConditionExpression: "balance = :old", ExpressionAttributeValues: { ":old": { N: "4" } } };

  test.each<[string, () => Promise<unknown>]>([
    ["PutItem", () => put(keyOf("held"), { ...ABSENT, ...ALL_OLD })],
    ["UpdateItem", () => update("held", { ...set, ...values, ...ALL_OLD })],
    [
      "DeleteItem",
      () =>
        account.dynamodb.send(
          new DeleteItemCommand({ TableName: "accounts", Key: keyOf("held"), ...gone, ...ALL_OLD }),
        ),
    ],
  ])("%s tells the item as it stands, when asked", async (_operation, write) => {
    const error = await refusal(write());
    expect(error.Item).toEqual(standing);
    expect(error.message).toBe("The conditional request failed");
    expect(await get("held")).toEqual(standing);
  });

  test("tells nothing when not asked, or when nothing is there", async () => {
    expect((await refusal(put(keyOf("held"), ABSENT))).Item).toBeUndefined();
    const none = { ...ABSENT, ReturnValuesOnConditionCheckFailure: "NONE" } as const;
    expect((await refusal(put(keyOf("held"), none))).Item).toBeUndefined();
    const missing = { ConditionExpression: "attribute_exists(account)", ...ALL_OLD };
    const raised = { UpdateExpression: "SET balance = :b", ExpressionAttributeValues: { ":b": { N: "1" } } };
    expect((await refusal(update("nobody", { ...raised, ...missing }))).Item).toBeUndefined();
  });

  test("with keys of two parts", async () => {
    const item = { account: { S: "a" }, month: { S: "2026-11" }, closing: { N: "7" } };
    const at = { TableName: "statements", Item: item };
    await account.dynamodb.send(new PutItemCommand(at));
    await account.dynamodb.send(new PutItemCommand({ ...at, Item: { ...item, month: { S: "2026-12" } } }));
    const other = { ...at, Item: { ...item, closing: { N: "8" } }, ...ABSENT, ...ALL_OLD };
    expect((await refusal(account.dynamodb.send(new PutItemCommand(other)))).Item).toEqual(item);
  });

  test("nothing comes between the condition and what is told", async () => {
    await put({ ...keyOf("busy"), count: { N: "0" } });
    const raise = (from: number) =>
      update("busy", {
        UpdateExpression: "SET #c = #c + :one",
        ConditionExpression: "#c = :from",
        ExpressionAttributeNames: { "#c": "count" },
        ExpressionAttributeValues: { ":one": { N: "1" }, ":from": { N: `${from}` } },
        ...ALL_OLD,
      });
    // Each may raise only from its own number, so a refusal that tells that very number contradicts itself.
    const ends = await Promise.allSettled(Array.from({ length: 60 }, (_, index) => raise(index % 6)));
    const told = ends.map((end, index) =>
      end.status === "rejected" ? `${index % 6} against ${end.reason.Item.count.N}` : "raised",
    );
    expect(told.filter((one) => /^(\d) against \1$/.test(one))).toEqual([]);
    const raised = told.filter((one) => one === "raised").length;
    expect((await get("busy"))?.count).toEqual({ N: `${raised}` });
  });

  test("an unknown wish is refused", async () => {
    const wish = { ...ABSENT, ReturnValuesOnConditionCheckFailure: "ALL_NEW" as "ALL_OLD" };
    expect(await failure(put(keyOf("wish"), wish))).toMatch(
      /^ValidationException: .*'returnValuesOnConditionCheckFailure'.*enum value set/,
    );
    expect(await get("wish")).toBeUndefined();
  });

  test("a table that was made anew with other keys, and one that is not there", async () => {
    await makeTable("again", ["one"]);
    const write = (Item: PutItemCommandInput["Item"], condition: string) =>
      account.dynamodb.send(
        new PutItemCommand({ TableName: "again", Item, ConditionExpression: condition, ...ALL_OLD }),
      );
    await write({ one: { S: "x" } }, "attribute_not_exists(one)");
    await account.dynamodb.send(new DeleteTableCommand({ TableName: "again" }));
    expect(await failure(write({ one: { S: "x" } }, "attribute_not_exists(one)"))).toMatch(
      /^ResourceNotFoundException/,
    );
    await makeTable("again", ["two"]);
    const item = { one: { S: "x" }, two: { S: "y" } };
    await write(item, "attribute_not_exists(two)");
    expect((await refusal(write(item, "attribute_not_exists(two)"))).Item).toEqual(item);
  });
});

describe("what is consumed", () => {
  const sized = (name: string, bytes: number) => ({ ...keyOf(name), text: { S: "x".repeat(bytes) } });
  beforeAll(() => put(sized("big", 3500)));

  test.each<[string, number, () => Promise<unknown>]>([
    ["an item of less than 1 KB", 1, () => put(sized("small", 900))],
    ["one of more", 3, () => put(sized("large", 2500))],
    ["one that was larger before", 3, () => put(sized("large", 10))],
    ["a delete of nothing", 1, () => remove("nobody")],
    ["a refused write where nothing stands", 1, () => refusal(update("nobody", existing))],
    ["a refused update of 4 KB", 4, () => refusal(update("big", never))],
    ["a refused put of less than stands there", 4, () => refusal(put(keyOf("big"), ABSENT))],
    ["a refused put of more than stands there", 6, () => refusal(put(sized("big", 5500), ABSENT))],
  ])("%s: %i", async (_what, units, write) => {
    expect(await unitsOf("accounts", write)).toEqual({ read: 0, write: units });
  });

  const set = { UpdateExpression: "SET a = :v", ExpressionAttributeValues: { ":v": { N: "1" } } };
  const existing = { ...set, ConditionExpression: "attribute_exists(account)" };
  const never = { ...set, ConditionExpression: "attribute_not_exists(account)" };
  const remove = (name: string) =>
    account.dynamodb.send(new DeleteItemCommand({ TableName: "accounts", Key: keyOf(name) }));

  test("counts by table, and reads apart; several tables in one call", async () => {
    const before = account.cloud.requestUnits();
    const Item = { account: { S: "b" }, month: { S: "2026-11" } };
    await account.dynamodb.send(
      new BatchWriteItemCommand({
        RequestItems: {
          accounts: [{ PutRequest: { Item: sized("b1", 1500) } }, { PutRequest: { Item: sized("b2", 1) } }],
          statements: [{ PutRequest: { Item } }],
        },
      }),
    );
    await account.dynamodb.send(
      new BatchGetItemCommand({
        RequestItems: {
          accounts: { Keys: [keyOf("b1"), keyOf("b2")] },
          statements: { Keys: [Item], ConsistentRead: true },
        },
      }),
    );
    const after = account.cloud.requestUnits();
    const difference = (table: string, kind: "read" | "write") =>
      (after[table]?.[kind] ?? 0) - (before[table]?.[kind] ?? 0);
    expect(difference("accounts", "write")).toBe(3);
    expect(difference("statements", "write")).toBe(1);
    expect(difference("accounts", "read")).toBe(1); // two halves
    expect(difference("statements", "read")).toBe(1);
  });

  test("the bill is their sum", () => {
    const units = Object.values(account.cloud.requestUnits());
    const quantity = (what: string) => account.cloud.bill().find((one) => one.what === what)?.quantity;
    expect(quantity("DynamoDB writes")).toBe(units.reduce((sum, { write }) => sum + write, 0));
    expect(quantity("DynamoDB reads")).toBe(units.reduce((sum, { read }) => sum + read, 0));
  });
});

describe("numbers are exact to 38 digits", () => {
  const LARGE = `${"9".repeat(37)}8`;

  test.each([
    [LARGE, "1", "+", "9".repeat(38)],
    [LARGE, LARGE, "-", "0"],
    ["0", LARGE, "-", `-${LARGE}`],
    ["9223372036854775807", "1", "+", "9223372036854775808"], // past 2^63
    ["9007199254740993", "2", "+", "9007199254740995"], // past 2^53, odd
    ["-1000000000000000000000", "1", "-", "-1000000000000000000001"],
    ["5000000000000000000", "4999999999999999999", "-", "1"],
  ])("%s and %s, %s", async (start, change, sign, end) => {
    await put({ ...keyOf("exact"), balance: { N: start } });
    const { Attributes } = await update("exact", {
      UpdateExpression: `SET balance = balance ${sign} :x`,
      ConditionExpression: "balance = :start",
      ExpressionAttributeValues: { ":x": { N: change }, ":start": { N: start } },
      ReturnValues: "ALL_NEW",
    });
    expect(Attributes?.balance).toEqual({ N: end });
    expect((await get("exact"))?.balance).toEqual({ N: end });
  });

  test.each([
    ["<", LARGE, "9".repeat(38), true],
    ["<", "9".repeat(38), LARGE, false],
    [">=", "-9007199254740993", "-9007199254740992", false],
    ["=", "100", "1E2", true],
    ["=", "1", "1.0", true],
    ["<>", LARGE, "9".repeat(38), true],
  ])("balance %s: %s against %s", async (comparison, left, right, holds) => {
    await put({ ...keyOf("compared"), balance: { N: left } });
    const written = update("compared", {
      UpdateExpression: "SET seen = :y",
      ConditionExpression: `balance ${comparison} :x`,
      ExpressionAttributeValues: { ":x": { N: right }, ":y": { BOOL: true } },
    });
    expect(
      await written.then(
        () => true,
        () => false,
      ),
    ).toBe(holds);
  });
});

test("an update moves a balance and enters a day in one, and shows the whole item", async () => {
  await put({ ...keyOf("night"), balance: { N: "100" }, days: { M: {} } });
  const charge = (day: string) =>
    update("night", {
      UpdateExpression: "SET days.#d = :x, balance = balance - :x",
      ConditionExpression: "attribute_not_exists(days.#d)",
      ExpressionAttributeNames: { "#d": day },
      ExpressionAttributeValues: { ":x": { N: "30" } },
      ReturnValues: "ALL_NEW",
      ...ALL_OLD,
    });
  await charge("2026-11-22");
  const whole = {
    ...{ ...keyOf("night"), balance: { N: "40" } },
    days: { M: { "2026-11-22": { N: "30" }, "2026-11-23": { N: "30" } } },
  };
  expect((await charge("2026-11-23")).Attributes).toEqual(whole);
  expect((await refusal(charge("2026-11-23"))).Item).toEqual(whole);
  expect(await get("night")).toEqual(whole);
});

test("BatchGetItem finds what is there, whatever is not", async () => {
  for (const name of ["g1", "g2", "g3"]) await put(keyOf(name));
  const Keys = ["g1", "g2", "none", "g3"].map(keyOf);
  const found = await account.dynamodb.send(
    new BatchGetItemCommand({ RequestItems: { accounts: { Keys } } }),
  );
  expect(found.Responses?.accounts?.map((one) => one.account?.S).sort()).toEqual(["g1", "g2", "g3"]);
  expect(found.UnprocessedKeys).toEqual({});
});

test("the segments of a parallel scan hold every item once, page by page", async () => {
  await makeTable("scanned", ["account"]);
  const names = Array.from({ length: 200 }, (_, index) => `account-${index}`);
  for (let start = 0; start < names.length; start += 25) {
    const puts = names.slice(start, start + 25).map((name) => ({ PutRequest: { Item: keyOf(name) } }));
    await account.dynamodb.send(new BatchWriteItemCommand({ RequestItems: { scanned: puts } }));
  }
  const scan = async (Segment: number): Promise<string[]> => {
    const found: string[] = [];
    let ExclusiveStartKey: Record<string, { S: string }> | undefined;
    do {
      const page = { TableName: "scanned", Segment, TotalSegments: 7, Limit: 10, ExclusiveStartKey };
      const { Items = [], LastEvaluatedKey } = await account.dynamodb.send(new ScanCommand(page));
      found.push(...Items.map((one) => one.account?.S ?? ""));
      ExclusiveStartKey = LastEvaluatedKey as typeof ExclusiveStartKey;
    } while (ExclusiveStartKey !== undefined);
    return found;
  };
  const segments = await Promise.all([0, 1, 2, 3, 4, 5, 6].map(scan));
  expect(segments.flat().sort()).toEqual(names.toSorted());
  expect(segments.filter((one) => one.length === 0)).toEqual([]);
});
