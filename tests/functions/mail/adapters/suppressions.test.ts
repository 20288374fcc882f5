import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { dynamoDbSuppressions } from "../../../../functions/mail/adapters/dynamodb-suppressions.ts";
import type { Suppressions } from "../../../../functions/mail/ports.ts";
import { type OpenStage, openStage } from "../../ami/fakes/open-stage.ts";
import { fakeSuppressions } from "../fakes/fake-suppressions.ts";

let open: OpenStage;
beforeAll(async () => {
  open = await openStage();
});
afterAll(() => open.close());

const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 4, minute));

let addresses = 0;
function newAddress(): string {
  addresses += 1;
  return `Customer-${addresses}@Example.net`;
}

/** Those in DynamoDB, and the fake that the other tests stand on, must behave alike. */
const BOTH: [name: string, make: () => Suppressions][] = [
  ["DynamoDB", () => dynamoDbSuppressions(open.settings())],
  ["the fake", () => fakeSuppressions()],
];

describe.each(BOTH)("an address in %s", (_name, make) => {
  test("is not suppressed until it is, and then in any case of its letters", async () => {
    const [suppressions, address] = [make(), newAddress()];
    expect(await suppressions.isSuppressed(address)).toBe(false);
    await suppressions.suppress(address, "bounced Permanent", at(1));
    expect(await suppressions.isSuppressed(address.toUpperCase())).toBe(true);
    expect(await suppressions.isSuppressed(newAddress())).toBe(false);
  });

  test("is not suppressed by any number of transient bounces", async () => {
    const [suppressions, address] = [make(), newAddress()];
    for (const minute of [1, 2, 3]) await suppressions.countTransient(address, at(minute));
    expect(await suppressions.isSuppressed(address)).toBe(false);
  });

  test("that is lifted gets mail again; lifting it twice, or one that is not suppressed, does nothing", async () => {
    const [suppressions, address] = [make(), newAddress()];
    await suppressions.countTransient(address, at(0));
    expect(await suppressions.lift(address, at(1))).toBe(false);
    await suppressions.suppress(address, "complained abuse", at(1));
    expect(await suppressions.lift(address.toLowerCase(), at(2))).toBe(true);
    expect(await suppressions.isSuppressed(address)).toBe(false);
    expect(await suppressions.lift(address, at(3))).toBe(false);
    expect(await suppressions.lift(newAddress(), at(3))).toBe(false);
  });

  test.each([
    { minute: 1, suppressed: false, why: "it is the event that was lifted, once more" },
    { minute: 4, suppressed: false, why: "it is late, and older than the lifting" },
    { minute: 5, suppressed: false, why: "it is of the same instant" },
    { minute: 6, suppressed: true, why: "it is news" },
  ])("that was lifted, and then bounces at minute $minute: $why", async ({ minute, suppressed }) => {
    const [suppressions, address] = [make(), newAddress()];
    await suppressions.suppress(address, "bounced Permanent", at(1));
    await suppressions.lift(address, at(5));
    await suppressions.suppress(address, "bounced Permanent", at(minute));
    expect(await suppressions.isSuppressed(address)).toBe(suppressed);
  });
});

describe("what stands in the table", () => {
  const itemOf = async (address: string) => {
    const { region, stage } = open.settings();
    const { Item } = await new DynamoDBClient({ region }).send(
      new GetItemCommand({
        TableName: `nightshift-${stage}-mail-suppressions`,
        Key: { address: { S: address.toLowerCase() } },
      }),
    );
    return Item;
  };

  test("is the newest reason, whatever the order of events, and each transient bounce counted once", async () => {
    const [suppressions, address] = [dynamoDbSuppressions(open.settings()), newAddress()];
    await suppressions.countTransient(address, at(2));
    await suppressions.countTransient(address, at(2));
    await suppressions.countTransient(address, at(7));
    await suppressions.suppress(address, "complained abuse", at(9));
    await suppressions.suppress(address, "bounced Permanent General", at(4));
    expect(await itemOf(address)).toEqual({
      address: { S: address.toLowerCase() },
      transients: { N: "2" },
      lastTransientAt: { S: at(7).toISOString() },
      suppressedAt: { S: at(9).toISOString() },
      reason: { S: "complained abuse" },
    });
  });

  test("is when it was lifted, and nothing else of the time before", async () => {
    const [suppressions, address] = [dynamoDbSuppressions(open.settings()), newAddress()];
    await suppressions.countTransient(address, at(2));
    await suppressions.suppress(address, "complained abuse", at(3));
    await suppressions.lift(address, at(5));
    await suppressions.countTransient(address, at(4));
    expect(await itemOf(address)).toEqual({
      address: { S: address.toLowerCase() },
      liftedAt: { S: at(5).toISOString() },
    });
  });
});
