import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { placeOfMachine, regionOf } from "../infra/place.ts";
import type { ExecutionEvent } from "../local/engine/execution-event.ts";
import { readTime } from "./choose.ts";
import { explainAwsError } from "./deployed/aws-error.ts";
import { findMachine, followExecution } from "./deployed/follow-execution.ts";
import type { Deps } from "./deps.ts";
import { INTERRUPTED, interruptible, untilAborted } from "./interrupt.ts";
import { loadFleet } from "./load-fleet.ts";
import { OperatorError } from "./operator-error.ts";
import { watched } from "./watch.ts";

/** Digits of a hash in the name of a run. */
const HASH_DIGITS = 10;

/** Options that `run` and `reap` share. */
export interface RunOptions {
  /** Default: see stageOf. */
  readonly stage?: string;
  readonly engine: string;
  readonly cloud: string;
  readonly fleet?: string;
  readonly time?: string;
  readonly json?: true;
}

/** How a run ended, and what it gave out. */
export interface Outcome {
  readonly status: "SUCCEEDED" | "FAILED" | "ABORTED";
  readonly executionArn: string;
  readonly error?: string;
  readonly cause?: string;
  readonly output?: unknown;
}

/**
 * Starts a machine on real AWS, deployed or in this process, follows it to its end and says what came of it. Its name
 * follows from its input, so that the same run started twice within a minute is one run.
 * @param about the machine's input besides the time
 * @param subject what the name says of it
 */
export async function startRun(
  deps: Deps,
  machine: string,
  about: Readonly<Record<string, unknown>>,
  options: RunOptions,
  subject: readonly string[] = Object.values(about).map(String),
): Promise<void> {
  const outcome = await followRun(deps, machine, about, options, subject);
  if (options.json === true) deps.out.write(`${JSON.stringify(outcome, null, 2)}\n`);
  else if (outcome !== undefined) deps.out.write(closing(outcome));
  deps.finish(outcome === undefined ? INTERRUPTED : outcome.status === "SUCCEEDED" ? 0 : 1);
}

/**
 * Starts a machine like startRun(), for those who say themselves what came of it: with `json`, nothing is written.
 * Undefined: Ctrl-C ended the following.
 */
export async function followRun(
  deps: Deps,
  machine: string,
  about: Readonly<Record<string, unknown>>,
  options: RunOptions,
  subject: readonly string[],
): Promise<Outcome | undefined> {
  requireEngine(options);
  const time = options.time === undefined ? thisMinute(deps.now()) : readTime(options.time);
  const input = { ...about, time: time.toISOString() };
  const name = executionName(machine, subject, time);
  const run = options.engine === "embedded" ? runHere : runDeployed;
  return run(deps, machine, name, input, options);
}

/**
 * The stage of a run. One in this process makes the tables that it needs, and a stack could not make them any more; so
 * unless told otherwise it stays out of the stage that is to be deployed.
 */
function stageOf({ stage, engine }: RunOptions): string {
  return stage ?? (engine === "embedded" ? "laptop" : "prod");
}

/** @throws OperatorError for combinations that there are not */
function requireEngine({ engine, cloud }: RunOptions): void {
  if (cloud === "rehearsal")
    throw new OperatorError("run is for real AWS", "To rehearse: nightshift rehearse MACHINE");
  if (cloud !== "aws") throw new OperatorError(`no cloud "${cloud}"`, "There is: aws.");
  if (engine !== "deployed" && engine !== "embedded") {
    throw new OperatorError(
      `no engine "${engine}"`,
      "There are: deployed (Step Functions), embedded (this process).",
    );
  }
}

/**
 * At most 80 characters, of which Step Functions allows only some (its guide, "Service quotas"). Where that leaves
 * something out, a hash of the subject stands for it: two payments must not come to one name.
 */
function executionName(machine: string, subject: readonly string[], time: Date): string {
  const instant = time.toISOString().replaceAll(/[:.]/g, "-");
  const room = 78 - machine.length - instant.length;
  const about = subject.join("-").replaceAll(/[^A-Za-z0-9_-]/g, "-");
  const isWhole = about === subject.join("-") && about.length <= room;
  const isPlain = isWhole && !subject.slice(0, -1).some((part) => part.includes("-"));
  const hash = createHash("sha256").update(JSON.stringify(subject)).digest("hex").slice(0, HASH_DIGITS);
  const short = isPlain ? about : `${about.slice(0, room - HASH_DIGITS - 1)}-${hash}`;
  return [machine, short, instant].filter(Boolean).join("-");
}

/** The default instant: a second start within the same minute is the same run. */
function thisMinute(now: Date): Date {
  return new Date(Math.floor(now.getTime() / 60_000) * 60_000);
}

async function runHere(
  deps: Deps,
  machine: string,
  name: string,
  input: Readonly<Record<string, unknown>>,
  options: RunOptions,
): Promise<Outcome> {
  const fleetFile = resolve(options.fleet ?? deps.workspace.fleetFile);
  const { regions } = await loadFleet(fleetFile);
  const runOnAws = await deps.loadRunOnAws();
  const notice =
    "Interrupted: the run ends as soon as it can clean up on AWS. Ctrl-C again stops it at once; then: nightshift reap";
  let end: ExecutionEvent | undefined;
  const { root, executions: folder } = deps.workspace;
  const setting = { root, machine, stage: stageOf(options), input, name, fleetFile, folder };
  const { executionArn, status } = await interruptible(deps, notice, (signal) =>
    observed(deps, options, (show) =>
      runOnAws({
        ...setting,
        signal,
        onEvent: (event) => {
          end = event;
          show(event);
        },
      }).catch((error: unknown) =>
        Promise.reject(explainAwsError(error, regionOf(placeOfMachine(machine), regions))),
      ),
    ),
  );
  return { ...outcomeOf(executionArn, end), status };
}

async function runDeployed(
  deps: Deps,
  machine: string,
  name: string,
  input: Readonly<Record<string, unknown>>,
  options: RunOptions,
): Promise<Outcome | undefined> {
  const { regions } = await loadFleet(resolve(options.fleet ?? deps.workspace.fleetFile));
  const machines = await deps.loadMachines(regionOf(placeOfMachine(machine), regions));
  const executionArn = await machines.start(
    await findMachine(machines, stageOf(options), machine),
    name,
    input,
  );
  if (options.json !== true) deps.out.write(`${executionArn}\n`);
  const notice = [
    "Stopped following: the run goes on on AWS. To see it again:",
    `  nightshift show ${executionArn}`,
    "A run that is stopped on AWS does not clean up; the hourly reaper, or nightshift reap, then does.",
  ].join("\n");
  const end = await interruptible(deps, notice, (signal) =>
    observed(deps, options, (onEvent) =>
      followExecution(machines, executionArn, machine, {
        signal,
        onEvent,
        sleep: untilAborted(deps, signal),
      }),
    ),
  );
  return end === undefined ? undefined : outcomeOf(executionArn, end);
}

function observed<T>(
  deps: Deps,
  { json }: RunOptions,
  work: (onEvent: (event: ExecutionEvent) => void) => Promise<T>,
): Promise<T> {
  return json === true ? work(() => undefined) : watched(deps, "run", work);
}

function outcomeOf(executionArn: string, end: ExecutionEvent | undefined): Outcome {
  if (end?.type === "executionSucceeded") return { status: "SUCCEEDED", executionArn, output: end.output };
  if (end?.type === "executionFailed") {
    return { status: "FAILED", executionArn, error: end.error, cause: end.cause };
  }
  return {
    status: "ABORTED",
    executionArn,
    ...(end?.type === "executionAborted" ? { cause: end.cause } : {}),
  };
}

/** What the machine gave out. Its end is the progress view's last line. */
function closing({ output, executionArn }: Outcome): string {
  const said = output === undefined ? "" : `${JSON.stringify(output, null, 2)}\n`;
  return `\n${said}nightshift show ${executionArn}\n`;
}
