import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RehearsalStage, setStage } from "../../local/rehearsal/stage.ts";
import { loadedFleet, storyFleet } from "../../local/watch/story-fleet.ts";
import { openRecords, type WatchRecords } from "../../local/watch/watch-records.ts";
import { openWatchRoom, type WatchRoom } from "../../local/watch/watch-room.ts";
import { startRefusingHost } from "../crash/refusing-host.ts";

const ROOT = join(import.meta.dirname, "../..");
export const COLIN = "+16045550101";
export const DEPUTY = "+16045550102";

/** A watch region with something to watch. */
export interface WatchRegion {
  readonly stage: RehearsalStage;
  readonly room: WatchRoom;
  readonly records: WatchRecords;
  readonly host: Awaited<ReturnType<typeof startRefusingHost>>;
  close(): Promise<void>;
}

/** Opens a watch region over a fleet whose checks are given, at a time, after something was done to its stage. */
export async function openWatchRegion(
  checks: (url: string) => object,
  time: Date,
  prepare: (stage: RehearsalStage) => Promise<void> = async () => undefined,
): Promise<WatchRegion> {
  const folder = mkdtempSync(join(tmpdir(), "nightshift-watch-"));
  const host = await startRefusingHost();
  const fleetFile = join(folder, "fleet.yml");
  const monitor = {
    from: "+12065550100",
    contacts: { colin: { phone: COLIN }, deputy: { phone: DEPUTY } },
    checks: checks(host.url),
  };
  writeFileSync(fleetFile, storyFleet(loadedFleet(join(ROOT, "fleet.yml")), monitor));
  const stage = await setStage({ root: ROOT, fleetFile, folder, time, faults: [] });
  await prepare(stage);
  const room = await openWatchRoom(stage, ROOT);
  const records = openRecords(stage);
  return {
    ...{ stage, room, records, host },
    close: async () => {
      await records.close();
      await room.close();
      await stage.close();
      await host.goDown();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Texts and calls that a phone has heard, without addresses. */
export function heardBy({ room }: WatchRegion, phone: string): string[] {
  return room.twilio
    .heard(phone)
    .map(({ via, text }) => `${via}: ${text.replaceAll(/127\.0\.0\.1:\d+/g, "HOST")}`);
}
