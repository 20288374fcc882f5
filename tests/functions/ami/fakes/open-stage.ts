import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "aws-lambda";
import { type Settings, startCold } from "#platform";
import { bucketName, FREEBSD_NOWHERE } from "../../../../local/rehearsal/environment.ts";
import { type RehearsalStage, STAGE, setStage } from "../../../../local/rehearsal/stage.ts";

const ROOT = join(import.meta.dirname, "../../../..");

/** The instant at which a stage opens. */
export const OPENED = new Date("2026-11-22T04:00:00.000Z");

export interface OpenStage {
  readonly stage: RehearsalStage;
  /** What a function deployed as `functionName` would be told; adapters made from it reach the rehearsed account. */
  settings(region?: string): Settings;
  /** Calls a handler as Lambda would. */
  call<Output>(
    handler: (event: unknown, context: Context) => Promise<Output>,
    event: unknown,
  ): Promise<Output>;
  close(): Promise<void>;
}

/** Opens a rehearsed account with the shipped fleet's tables and keys in it. `faults` as an operator writes them. */
export async function openStage(...faults: string[]): Promise<OpenStage> {
  const folder = mkdtempSync(join(tmpdir(), "nightshift-functions-"));
  const fleetFile = join(ROOT, "fleet.yml");
  const stage = await setStage({ root: ROOT, fleetFile, folder, time: OPENED, faults });
  await stage.powerUp();
  startCold();
  const functionName = `nightshift-${STAGE}-under-test`;
  return {
    stage,
    settings: (region = stage.fleet.regions.home) => ({
      stage: STAGE,
      region,
      functionName,
      fleetFile: join(folder, "fleet.json"),
      sshPort: stage.cloud.sshPort,
      bucket: bucketName(STAGE, stage.cloud.accountId),
      twilioUrl: "https://twilio.invalid",
      ...FREEBSD_NOWHERE,
    }),
    call: (handler, event) => handler(event, { functionName, awsRequestId: "request-1" } as Context),
    close: async () => {
      await stage.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
