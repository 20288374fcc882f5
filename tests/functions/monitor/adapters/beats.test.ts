import { describe, expect, test } from "@jest/globals";
import { dynamoDbBeats } from "../../../../functions/monitor/adapters/dynamodb-beats.ts";
import { rehearsedAccount } from "../fakes/in-rehearsal.ts";
import { newMonitorTable } from "../fakes/monitor-table.ts";

const account = rehearsedAccount();

function at(minutes: number): Date {
  return new Date(Date.UTC(2026, 10, 27, 3, minutes));
}

describe("what was heard", () => {
  test("of a job that never reported: since when it is watched, and that stays", async () => {
    const beats = dynamoDbBeats(await newMonitorTable(account()));
    expect(await beats.read("backup", at(0))).toEqual({ watchedSince: at(0) });
    expect(await beats.read("backup", at(9))).toMatchObject({ watchedSince: at(0), succeededAt: undefined });
  });

  test("the newest of each kind", async () => {
    const beats = dynamoDbBeats(await newMonitorTable(account()));
    await beats.beat("backup", { kind: "start" }, at(1));
    await beats.beat("backup", { kind: "failure", exitStatus: 2 }, at(2));
    await beats.beat("backup", { kind: "start" }, at(3));
    await beats.beat("backup", { kind: "success" }, at(4));
    expect(await beats.read("backup", at(9))).toEqual({
      watchedSince: at(1),
      startedAt: at(3),
      failedAt: at(2),
      exitStatus: 2,
      succeededAt: at(4),
    });
  });

  test("a report that comes late, or twice, changes nothing", async () => {
    const beats = dynamoDbBeats(await newMonitorTable(account()));
    await beats.beat("backup", { kind: "failure", exitStatus: 2 }, at(5));
    await beats.beat("backup", { kind: "failure", exitStatus: 3 }, at(4));
    expect(await beats.read("backup", at(9))).toMatchObject({ failedAt: at(5), exitStatus: 2 });
  });

  test("a failure without a status is not the one before's", async () => {
    const beats = dynamoDbBeats(await newMonitorTable(account()));
    await beats.beat("backup", { kind: "failure", exitStatus: 2 }, at(5));
    await beats.beat("backup", { kind: "failure", exitStatus: undefined }, at(6));
    expect(await beats.read("backup", at(9))).toMatchObject({ failedAt: at(6), exitStatus: undefined });
  });
});
