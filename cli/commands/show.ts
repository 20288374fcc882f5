import type { Command } from "commander";
import type { ExecutionEvent } from "../../local/engine/execution-event.ts";
import { machineOfArn, readHistory } from "../deployed/follow-execution.ts";
import type { Deps } from "../deps.ts";
import { OperatorError } from "../operator-error.ts";
import { renderStory } from "../view/story.ts";
import { terminalOf } from "../view/terminal.ts";
import { executionFolders, machineNames } from "../workspace.ts";

const EXAMPLES = `
Examples:
  nightshift show ami-build-2026-11-22T04-00-00-000Z
  nightshift show arn:aws:states:us-east-1:123456789012:execution:nightshift-prod-ami-build:NAME --json`;

/** `nightshift show`: the story of one run, from this machine's records or from AWS. */
export function register(program: Command, deps: Deps): void {
  program
    .command("show <execution>")
    .summary("tell the story of one run")
    .description(
      "Tells what happened in a run: by its name for runs of this machine, by its ARN for those on AWS.",
    )
    .option("--json", "print its events with input and output as one JSON document")
    .addHelpText("after", EXAMPLES)
    .action(async (execution: string, { json }: { json?: true }) => {
      const events = await eventsOf(deps, execution);
      const terminal = terminalOf(deps.out, deps.environment);
      deps.out.write(json === true ? `${JSON.stringify(events, null, 2)}\n` : renderStory(events, terminal));
    });
}

/** A run of this machine has an ARN as well, so the records are looked through first. */
async function eventsOf(deps: Deps, execution: string): Promise<ExecutionEvent[]> {
  const { readExecution } = await import("../../local/engine/execution-store.ts");
  const name = execution.split(":").at(-1) ?? execution;
  if (!/^[\w.-]+$/.test(name)) throw noExecution(execution);
  for (const folder of executionFolders(deps.workspace)) {
    const events = await readExecution(folder, name);
    const first = events[0];
    const same = first?.type === "executionStarted" && first.executionArn === execution;
    if (events.length > 0 && (name === execution || same)) return events;
  }
  const region = /^arn:aws[\w-]*:states:([\w-]+):\d+:execution:/.exec(execution)?.[1];
  if (region === undefined) throw noExecution(execution);
  const machines = await deps.loadMachines(region);
  return readHistory(machines, execution, machineOfArn(execution, machineNames(deps.workspace)));
}

function noExecution(execution: string): OperatorError {
  const hint = "See which there are: nightshift status. For a run on AWS give its ARN.";
  return new OperatorError(`no execution "${execution}" on record here`, hint);
}
