import { describe, expect, it } from "@jest/globals";
import { dynamoDbWatchBoard } from "../../../../functions/deadman/adapters/dynamodb-watch-board.ts";
import { dynamoDbBoard } from "../../../../functions/monitor/adapters/dynamodb-board.ts";
import { EMPTY_BOARD } from "../../../../functions/monitor/board.ts";
import { rehearsedAccount } from "../../monitor/fakes/in-rehearsal.ts";
import { newMonitorTable } from "../../monitor/fakes/monitor-table.ts";

/** Where the account's tables are; the function is at home, elsewhere. */
const WATCH = "us-east-1";
const HOME = "eu-west-1";

const account = rehearsedAccount();

describe("the monitor's board, as seen from home", () => {
  it("is what the monitor has written, in the watch region", async () => {
    const settings = await newMonitorTable(account());
    await dynamoDbBoard(settings).replace({ ...EMPTY_BOARD, revision: 1, slot: "2026-11-27T03:00:00.000Z" });
    const seen = dynamoDbWatchBoard({ ...settings, region: HOME }, WATCH);
    expect(await seen.lastRun()).toEqual(new Date("2026-11-27T03:00:00Z"));
    await dynamoDbBoard(settings).replace({ ...EMPTY_BOARD, revision: 2, slot: "2026-11-27T03:01:00.000Z" });
    expect(await seen.lastRun()).toEqual(new Date("2026-11-27T03:01:00Z"));
  });

  it("says so when there was no run", async () => {
    const settings = await newMonitorTable(account());
    expect(await dynamoDbWatchBoard({ ...settings, region: HOME }, WATCH).lastRun()).toBeUndefined();
  });

  it("fails when there is no table: it is not the same as no run", async () => {
    const settings = await newMonitorTable(account());
    await expect(dynamoDbWatchBoard(settings, HOME).lastRun()).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });
});
