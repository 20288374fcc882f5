import { describe, expect, test } from "@jest/globals";
import { operatorSettings } from "../../../../cli/deployed/operator-settings.ts";
import { dynamoDbRotationBook } from "../../../../functions/tunnels/adapters/dynamodb-rotation-book.ts";
import type { RotationBook } from "../../../../functions/tunnels/ports.ts";
import { createTables } from "../../../../local/rehearsal/prepared-account.ts";
import { rehearsedAccount } from "../../monitor/fakes/in-rehearsal.ts";
import { FakeWorld } from "../fakes/fake-world.ts";

const account = rehearsedAccount();
const AT = new Date("2026-11-22T04:00:00.000Z");
const LATER = new Date("2026-11-22T05:00:00.000Z");

async function inDynamoDb(): Promise<RotationBook> {
  const { door } = account();
  const credentials = { accessKeyId: "OWNER", secretAccessKey: "owner" };
  await createTables("test", { region: "us-east-1", endpoint: door.url, credentials });
  return dynamoDbRotationBook(operatorSettings("us-east-1", "test"));
}

/** The one in DynamoDB, and the fake that the other tests stand on, must behave alike. */
const BOOKS: [name: string, make: () => Promise<RotationBook>][] = [
  ["DynamoDB", inDynamoDb],
  ["the fake", async () => new FakeWorld().book],
];
let pipes = 0;
function runs() {
  pipes += 1;
  const pipe = `/nightshift/pipes/P${pipes}`;
  return { pipe, one: { pipe, executionArn: "arn:one" }, other: { pipe, executionArn: "arn:other" } };
}

describe.each(BOOKS)("rotations in %s", (_name, make) => {
  test("nobody has rotated it yet", async () => {
    expect(await (await make()).find(runs().pipe)).toBeUndefined();
  });

  test("a claim, its keys, the point of no return, and the end", async () => {
    const [book, { pipe, one }] = [await make(), runs()];
    await book.claim(one, "", AT);
    const begun = {
      executionArn: "arn:one",
      phase: "opening",
      from: "",
      to: "",
      startedAt: AT.toISOString(),
      rotatedAt: "",
      rotatedBy: "",
    };
    expect(await book.find(pipe)).toEqual(begun);
    await book.recordKeys(one, "f1", "f2");
    await book.recordSwitching(one);
    await book.recordSwitching(one);
    expect(await book.find(pipe)).toEqual({ ...begun, phase: "switching", from: "f1", to: "f2" });
    await book.finish(one, "rotated", LATER);
    await book.finish(one, "rotated", LATER); // the answer was lost
    const over = {
      executionArn: "",
      phase: "",
      from: "",
      to: "",
      startedAt: "",
      rotatedAt: LATER.toISOString(),
      rotatedBy: "arn:one",
    };
    expect(await book.find(pipe)).toEqual(over);
    await book.claim(one, "", LATER);
    expect(await book.find(pipe)).toMatchObject({
      phase: "opening",
      from: "",
      to: "",
      rotatedAt: LATER.toISOString(),
    });
  });

  test("undone: nothing is under way, and nothing was rotated", async () => {
    const [book, { pipe, one }] = [await make(), runs()];
    await book.claim(one, "", AT);
    await book.recordKeys(one, "f1", "f2");
    await book.finish(one, "undone", LATER);
    expect(await book.find(pipe)).toMatchObject({
      executionArn: "",
      phase: "",
      to: "",
      rotatedAt: "",
      rotatedBy: "",
    });
  });

  test("an heir has phase, keys and start of the one that died, which may write no more", async () => {
    const [book, { pipe, one, other }] = [await make(), runs()];
    await book.claim(one, "", AT);
    await book.recordKeys(one, "f1", "f2");
    await book.recordSwitching(one);
    await book.claim(other, "arn:one", LATER);
    expect(await book.find(pipe)).toMatchObject({
      ...{ executionArn: "arn:other", phase: "switching", from: "f1", to: "f2", startedAt: AT.toISOString() },
    });
    const late = { name: "RotationTakenOverError" };
    await expect(book.recordKeys(one, "f3", "f4")).rejects.toMatchObject(late);
    await expect(book.recordSwitching(one)).rejects.toMatchObject(late);
    await expect(book.finish(one, "rotated", LATER)).rejects.toMatchObject(late);
    expect(await book.find(pipe)).toMatchObject({ executionArn: "arn:other", to: "f2" });
  });

  test("of two that find nobody, or the same dead one, one gets it", async () => {
    const [book, { pipe, one, other }] = [await make(), runs()];
    const refused = { name: "RotationRunningError" };
    await book.claim(one, "", AT);
    await expect(book.claim(other, "", AT)).rejects.toMatchObject(refused);
    await book.claim(other, "arn:one", AT);
    await expect(book.claim({ pipe, executionArn: "arn:third" }, "arn:one", AT)).rejects.toMatchObject(
      refused,
    );
    await book.claim(other, "arn:other", AT); // its answer was lost, so it claims once more
    await book.claim(other, "arn:one", AT); // or the SDK does, word for word
    expect(await book.find(pipe)).toMatchObject({ executionArn: "arn:other" });
  });
});
