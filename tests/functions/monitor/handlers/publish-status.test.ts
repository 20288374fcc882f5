import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { nameFunction } from "../../../../infra/function-name.ts";
import { type Power, type RehearsalStage, setStage } from "../../../../local/rehearsal/stage.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const TIME = new Date("2026-11-27T03:01:00.000Z");

let stage: RehearsalStage;
let power: Power;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "nightshift-publish-"));
  stage = await setStage({ root: ROOT, fleetFile: join(ROOT, "fleet.yml"), folder, time: TIME, faults: [] });
  power = await stage.powerUp("watch");
});
afterAll(async () => {
  await stage.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What a run writes that is scheduled for that minute, without the bucket: "badges", "index.html", "status.json". */
async function written(minute: string): Promise<string[]> {
  const before = stage.cloud.calls().length;
  await power.engine.invoke(nameFunction("monitor", "publish-status"), {
    time: `2026-11-27T03:${minute}:00.000Z`,
  });
  const puts = stage.cloud
    .calls()
    .slice(before)
    .filter(({ operation }) => operation === "PutObject");
  return [
    ...new Set(puts.flatMap(({ resources }) => resources.map((name) => name.split("/")[1] ?? ""))),
  ].sort();
}

describe("the status page of every five minutes", () => {
  it("the first of an hour, as events/schedules.yml has it, writes the badges as well", async () => {
    expect(await written("01")).toEqual(["badges", "index.html", "status.json"]);
  });

  it.each(["06", "31", "56"])("the one at minute %s writes the page alone", async (minute) => {
    expect(await written(minute)).toEqual(["index.html", "status.json"]);
  });
});
