import { userInfo } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock } from "../layers/platform/clock.ts";
import type { Deps } from "./deps.ts";
import { runProgram } from "./program.ts";
import { workspaceOf } from "./workspace.ts";

/** The command in this process. Its status is set, not forced, so that everything is written before it ends. */
export async function main(argv: readonly string[]): Promise<void> {
  // `nightshift timetable | head` closes our output early; there is nobody left to tell.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    process.stderr.write(`nightshift: cannot write the output: ${error.message}\n`);
    process.exit(1);
  });
  await runProgram(argv, realDeps());
}

function realDeps(): Deps {
  return {
    workspace: workspaceOf(dirname(dirname(fileURLToPath(import.meta.url)))),
    out: process.stdout,
    err: process.stderr,
    environment: process.env,
    now: () => systemClock.now(),
    sleep: (milliseconds) => systemClock.sleep(milliseconds),
    operator: loginName,
    signals: process,
    exit: (status) => process.exit(status),
    finish: (status) => {
      process.exitCode = status;
    },
    loadRehearse: async () => (await import("../local/rehearsal/rehearse.ts")).rehearse,
    loadStories: async () => (await import("../local/watch/tell-story.ts")).stories,
    loadRunOnAws: async () => (await import("../local/laptop/run-on-aws.ts")).runOnAws,
    loadMachines: async (region) => (await import("./deployed/step-functions.ts")).stepFunctions(region),
    loadMonitor: async (region, stage) =>
      (await import("./deployed/dynamodb-monitor.ts")).dynamoDbMonitor(region, stage),
    loadParameters: async (region) => (await import("./deployed/ssm-parameters.ts")).ssmParameters(region),
    loadRotations: async (region, stage) =>
      (await import("./deployed/dynamodb-rotations.ts")).dynamoDbRotations(region, stage),
    runProgram: async (program, argv) => (await import("./run-program.ts")).runProgram(program, argv),
    loadUpdates: async (region, stage) =>
      (await import("./deployed/dynamodb-updates.ts")).dynamoDbUpdates(region, stage),
  };
}

function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    return ""; // a user without an entry in passwd(5), as in some containers
  }
}
