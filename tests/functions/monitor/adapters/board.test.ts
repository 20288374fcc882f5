import { describe, expect, test } from "@jest/globals";
import { dynamoDbBoard } from "../../../../functions/monitor/adapters/dynamodb-board.ts";
import { type Board, EMPTY_BOARD } from "../../../../functions/monitor/board.ts";
import type { BoardStore } from "../../../../functions/monitor/ports.ts";
import { fakeBoard } from "../fakes/fake-board.ts";
import { rehearsedAccount } from "../fakes/in-rehearsal.ts";
import { newMonitorTable } from "../fakes/monitor-table.ts";

const account = rehearsedAccount();

const FIRST: Board = {
  ...EMPTY_BOARD,
  ...{ revision: 1, slot: "2026-11-27T03:00:00.000Z", hour: "2026-11-27T03", results: { www: "0g4" } },
};

const STORES: [name: string, make: () => Promise<BoardStore>][] = [
  ["DynamoDB", async () => dynamoDbBoard(await newMonitorTable(account()))],
  ["the fake", async () => fakeBoard()],
];

describe.each(STORES)("a board in %s", (_name, make) => {
  test("is empty before the first run", async () => {
    expect(await (await make()).read()).toEqual(EMPTY_BOARD);
  });

  test("is what was put there last", async () => {
    const store = await make();
    expect(await store.replace(FIRST)).toBe(true);
    const second: Board = {
      ...FIRST,
      revision: 2,
      nextIncident: 7,
      pending: [{ kind: "recover", incident: 6, at: "", reason: "" }],
    };
    expect(await store.replace(second)).toBe(true);
    expect(await store.read()).toEqual(second);
  });

  test("is replaced by the revision after it, and by no other", async () => {
    const store = await make();
    await store.replace(FIRST);
    for (const revision of [1, 3]) expect(await store.replace({ ...FIRST, revision })).toBe(false);
    expect((await store.read()).revision).toBe(1);
  });

  test("of two writes upon the same revision one takes place", async () => {
    const store = await make();
    expect(await Promise.all([store.replace(FIRST), store.replace(FIRST)])).toEqual(
      expect.arrayContaining([true, false]),
    );
  });
});
