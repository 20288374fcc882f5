import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Fleet } from "#fleet";
import type { HostCondition } from "../../local/host/condition.ts";
import { type HostsScene, hostsScene } from "../../local/rehearsal/hosts-scene.ts";
import type { Power } from "../../local/rehearsal/stage.ts";
import { mailsOf, type Walk, walk } from "./walked-run.ts";

const ROOT = join(import.meta.dirname, "../..");

/** The first morning. */
export const TIME = "2026-11-27T06:00:00.000Z";

const DAY = 86_400_000;

/** Hosts that are up, and mornings on which they are checked. */
export interface CheckedMornings {
  readonly scene: HostsScene;
  /** Runs the check of a morning, so many days after the first. */
  check(days?: number, name?: string): Promise<Walk>;
  /** Changes how hosts are. */
  become(conditions: Readonly<Record<string, HostCondition>>): Promise<void>;
  /** Deploys another fleet. */
  changeFleet(change: (fleet: Fleet) => Fleet): Promise<void>;
  /** Subjects and texts of the mails so far. */
  mails(): { subject: string; text: string }[];
  close(): Promise<void>;
}

/** Sets the stage with the shipped fleet's hosts: www, mail and pkg. They are up to date unless said otherwise. */
export async function openMornings(
  faults: readonly string[] = [],
  conditions: Readonly<Record<string, HostCondition>> = {},
): Promise<CheckedMornings> {
  const folder = mkdtempSync(join(tmpdir(), "nightshift-mornings-"));
  const time = new Date(TIME);
  const fleetFile = join(ROOT, "fleet.yml");
  const scene = await hostsScene({ root: ROOT, fleetFile, folder, time, faults, conditions });
  let power: Power = await scene.stage.powerUp();
  return {
    scene,
    check: async (days = 0, name = `day-${days}`) => {
      const instant = new Date(Date.parse(TIME) + days * DAY);
      await scene.stage.clock.sleep(Math.max(instant.getTime() - scene.stage.clock.now().getTime(), 0));
      const { tasks, ...run } = await walk({ power }, "updates-check", { time: instant.toISOString() }, name);
      await scene.stage.settle();
      return { ...run, tasks: [...new Set(tasks.map((task) => task.trim()))] }; // those of Maps have no region
    },
    become: async (changes) => {
      for (const [name, condition] of Object.entries(changes)) await scene.host(name).setCondition(condition);
    },
    changeFleet: async (change) => {
      scene.stage.changeFleet(change(scene.stage.fleet));
      power = await scene.stage.powerUp();
    },
    mails: () => mailsOf({ stage: scene.stage } as Parameters<typeof mailsOf>[0]),
    close: () => scene.close(),
  };
}
