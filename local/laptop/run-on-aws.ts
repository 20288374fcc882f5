import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { parseFleet } from "#fleet";
import { clock, useLogOutput } from "#platform";
import { placeOfMachine, regionOf } from "../../infra/place.ts";
import { embeddedEngine } from "../engine/embedded-engine.ts";
import type { ExecutionEvent } from "../engine/execution-event.ts";
import { bucketName, enterEnvironment } from "../rehearsal/environment.ts";
import { fileLog } from "../rehearsal/file-log.ts";
import { createBucket, createConfigurationSet, createTables } from "../rehearsal/prepared-account.ts";

export interface LaptopRun {
  readonly root: string;
  readonly machine: string;
  readonly stage: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Name of the execution, unique per machine and input. */
  readonly name: string;
  readonly fleetFile: string;
  /** Folder of executions. */
  readonly folder: string;
  /** Aborting interrupts the run, which then cleans up after itself. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: ExecutionEvent) => void;
}

/**
 * Runs a machine on the embedded engine against real AWS, with real waits. What a deployment would have made, and a
 * run cannot do without, is made first where it is missing, in the machine's own region: the tables, the SES configuration
 * set at home, and the bucket, which at home only billing needs.
 *
 * A run whose process died is taken up by starting it again with the same name and input. Where nothing is deployed,
 * nobody hears SES's events: a mail whose answer was lost goes out twice (functions/mail/DESIGN.md, "The one window").
 * @throws FleetError, ExecutionRefusedError (the name runs already, or has ended), and AWS's own errors, such as the
 * SDK's CredentialsProviderError: AWS is asked first who is calling, before anything begins
 */
export async function runOnAws(
  run: LaptopRun,
): Promise<{ readonly status: "SUCCEEDED" | "FAILED" | "ABORTED"; readonly executionArn: string }> {
  const fleet = parseFleet(readFileSync(run.fleetFile, "utf8"), run.fleetFile);
  const place = placeOfMachine(run.machine);
  const region = regionOf(place, fleet.regions);
  const accountId = await identify(region);
  await createTables(run.stage, { region }, place);
  if (place === "home") await createConfigurationSet(run.stage, { region });
  const bucket = bucketName(run.stage, accountId, place);
  if (place === "watch" || fleet.billing !== undefined) await createBucket(bucket, { region });

  mkdirSync(run.folder, { recursive: true });
  const fleetFile = join(run.folder, `${run.name}.fleet.json`);
  writeFileSync(fleetFile, JSON.stringify(fleet, null, 2));
  const log = fileLog(join(run.folder, `${run.name}.log.jsonl`));
  const restoreLog = useLogOutput(log.write);
  const restoreEnvironment = enterEnvironment({ stage: run.stage, region, fleetFile, bucket });
  try {
    return await follow(run, region, accountId);
  } finally {
    restoreEnvironment();
    restoreLog();
    await log.close();
  }
}

async function follow(run: LaptopRun, region: string, accountId: string) {
  const { root, stage, folder } = run;
  const engine = embeddedEngine({ root, stage, region, accountId, clock, folder });
  const execution = await engine.start(run.machine, run.name, run.input, run.onEvent);
  const interrupt = () => execution.interrupt();
  run.signal.addEventListener("abort", interrupt);
  const outcome = await execution.outcome;
  run.signal.removeEventListener("abort", interrupt);
  const status = run.signal.aborted && outcome.status === "FAILED" ? ("ABORTED" as const) : outcome.status;
  return { status, executionArn: execution.executionArn };
}

/** The account's number. */
async function identify(region: string): Promise<string> {
  const sts = new STSClient({ region, maxAttempts: 2 });
  try {
    const { Account } = await sts.send(new GetCallerIdentityCommand({}));
    if (Account === undefined) throw new Error("GetCallerIdentity answered without an account");
    return Account;
  } finally {
    sts.destroy();
  }
}
