import { rmSync } from "node:fs";
import type { Fleet } from "#fleet";
import type { HostCondition } from "../host/condition.ts";
import { prepareHosts, type RehearsedHost } from "./prepared-hosts.ts";
import { type RehearsalStage, type StageSetting, setStage } from "./stage.ts";

/** What a scene with hosts is made of. */
export interface HostsSetting extends StageSetting {
  /** How each host is, by its name. Default: up to date. */
  readonly conditions?: Readonly<Record<string, HostCondition>> | undefined;
}

/** A stage on which the hosts of its fleet are up. */
export interface HostsScene {
  readonly stage: RehearsalStage;
  /** With the addresses and the keys of the rehearsed hosts. */
  readonly fleet: Fleet;
  readonly hosts: readonly RehearsedHost[];
  /** The host of that name. @throws Error */
  host(name: string): RehearsedHost;
  /** Ends all of it, and removes the folder. */
  close(): Promise<void>;
}

/** The owner prepared the hosts before the instant at which a scene begins. */
const BEFORE_MILLISECONDS = 600_000;

/** Sets a stage with an account and with all hosts of the fleet, a fresh one in well under a second. */
export async function hostsScene(setting: HostsSetting): Promise<HostsScene> {
  const stage = await setStage({ ...setting, time: new Date(setting.time.getTime() - BEFORE_MILLISECONDS) });
  const hosts = await prepareHosts(stage, setting.conditions).catch(async (error: unknown) => {
    await stage.close();
    throw error;
  });
  await stage.clock.sleep(setting.time.getTime() - stage.clock.now().getTime());
  return {
    stage,
    fleet: stage.fleet,
    hosts,
    host: (name) => {
      const found = hosts.find((host) => host.name === name);
      if (found === undefined) throw new Error(`the fleet has no host ${name}`);
      return found;
    },
    close: async () => {
      await stage.close();
      rmSync(setting.folder, { recursive: true, force: true });
    },
  };
}
