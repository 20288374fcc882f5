import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { useLogOutput } from "#platform";
import type { Call, SesAccess } from "../../local/cloud/contract.ts";
import type { Outcome } from "../../local/engine/interpreter.ts";
import { type Power, type RehearsalStage, setStage } from "../../local/rehearsal/stage.ts";
import { fingerprint } from "./fingerprint.ts";

/** A process under test. */
export interface Process {
  readonly machine: string;
  readonly input: { readonly time: string; readonly [name: string]: unknown };
  readonly fleetFile: string;
  /** What SES allows the account. Default: the sandbox. */
  readonly ses?: SesAccess;
  /** What was there before the run. */
  readonly prepare?: (stage: RehearsalStage) => Promise<void>;
  /** How much more than an undisturbed run a run with a crash may cost. Default: a tenth more. */
  readonly costFactor?: number;
}

/** Where a run is killed: at its n-th step (an AWS call or a command over SSH), before or after it took effect. */
export interface KillPoint {
  readonly step: number;
  readonly phase: "before" | "after";
}

/** What is left when everything has come to rest. */
export interface EndState {
  readonly outcome: Outcome;
  /** Everything that exists and every mail that was sent, without ids and times. */
  readonly fingerprint: string[];
  readonly costUsd: number;
  /** How many machines, images and mails there have ever been, and how often CreateImage was carried out. */
  readonly created: Readonly<Record<string, number>>;
  /** The steps of the first run, in order, as "service:Operation (function)". */
  readonly steps: string[];
}

// Functions of a dead run fail when their stage is taken down, long after anybody cares; their log goes nowhere.
useLogOutput(() => undefined);

/** How long after a crash the reaper comes: past every expiry. */
const REAPER_AFTER_MILLISECONDS = 6 * 3_600_000;

/**
 * Runs a process, kills it at `kills[0]` as if power had failed, runs it again with the same input (killing that at
 * `kills[1]`, and so on), then lets the reaper run. Without kills it is the undisturbed run to compare with.
 */
export async function runWithKills(process: Process, kills: readonly KillPoint[]): Promise<EndState> {
  const folder = mkdtempSync(join(tmpdir(), "nightshift-crash-"));
  const { fleetFile, input, ses } = process;
  const root = join(import.meta.dirname, "../..");
  const stage = await setStage({ root, fleetFile, folder, time: new Date(input.time), faults: [], ses });
  try {
    await process.prepare?.(stage);
    const deeds = new Deeds();
    let outcome: Outcome | undefined;
    for (const kill of [...kills, undefined]) {
      outcome = await runOnce(stage, process, kill, deeds);
      if (outcome !== undefined) break;
    }
    if (outcome === undefined) throw new Error("the last run was killed as well");
    await reap(stage);
    return {
      outcome,
      fingerprint: await fingerprint(stage),
      costUsd: stage.cloud.bill().reduce((sum, { costUsd }) => sum + costUsd, 0),
      created: { ...deeds.created, ...everMade(stage) },
      steps: deeds.steps,
    };
  } finally {
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What was ever made, still there or not: the cloud keeps a folder for each machine and each image. */
function everMade({ cloud }: RehearsalStage): Record<string, number> {
  const count = (folder: string) => {
    const path = join(cloud.folder, folder);
    return existsSync(path) ? readdirSync(path).length : 0;
  };
  return { machines: count("machines"), images: count("images") };
}

/** Creating calls without an idempotency token: to carry one out twice is to do its work twice. */
const CREATING = ["CreateImage", "SendRawEmail"];

/** What a process did until it came to rest, over all its runs. */
class Deeds {
  readonly steps: string[] = [];
  readonly created: Record<string, number> = {};

  /** Notes a call that was carried out, whether or not its answer arrived. */
  note({ operation, error }: Call): void {
    if (error !== undefined || !CREATING.includes(operation)) return;
    this.created[operation] = (this.created[operation] ?? 0) + 1;
  }
}

/** Runs to the end, or until killed: then the outcome is undefined. */
async function runOnce(
  stage: RehearsalStage,
  { machine, input }: Process,
  kill: KillPoint | undefined,
  deeds: Deeds,
): Promise<Outcome | undefined> {
  const power = await stage.powerUp();
  const execution = await power.engine.start(machine, `${machine}-under-test`, input);
  const death = killAt(power, kill, deeds, () => execution.kill());
  const outcome = await Promise.race([execution.outcome, death]);
  if (outcome !== undefined) await power.door.close();
  return outcome;
}

/** Resolves once the power has failed. What was under way then is never answered. */
function killAt(
  power: Power,
  kill: KillPoint | undefined,
  deeds: Deeds,
  die: () => void,
): Promise<undefined> {
  let count = 0;
  let dead = false;
  return new Promise((resolve) => {
    power.door.onCall = async (call, phase) => {
      if (!dead && phase === "before") {
        count += 1;
        deeds.steps.push(`${call.service}:${call.operation} (${call.caller})`);
      }
      if (!dead && phase === "after") deeds.note(call);
      if (!dead && kill !== undefined && count === kill.step && phase === kill.phase) {
        dead = true;
        power.door.freeze();
        die();
        resolve(undefined);
      }
      if (dead) await new Promise(() => undefined);
    };
  });
}

async function reap(stage: RehearsalStage): Promise<void> {
  await stage.clock.sleep(REAPER_AFTER_MILLISECONDS);
  const { engine } = await stage.powerUp();
  await stage.settle();
  const time = stage.clock.now().toISOString();
  const reaper = await engine.start("ami-reap", "reaper", { time });
  const outcome = await reaper.outcome;
  if (outcome.status !== "SUCCEEDED")
    throw new Error(`the reaper failed: ${outcome.error}: ${outcome.cause}`);
}
