import { resolve } from "node:path";
import type { Command } from "commander";
import { PLACES, type Place, placeOfMachine, regionOf } from "../../infra/place.ts";
import type { Machines } from "../deployed/machines.ts";
import type { Deps } from "../deps.ts";
import { loadFleet } from "../load-fleet.ts";
import { columns } from "../view/columns.ts";
import { simulated } from "../view/duration.ts";
import { executionFolders } from "../workspace.ts";

interface Listed {
  readonly name: string;
  readonly status: string;
  readonly startDate: string;
  readonly stopDate: string | undefined;
  readonly executionArn: string;
}

/** Of each deployed machine. */
const MOST_EXECUTIONS = 5;

const EXAMPLES = `
Examples:
  nightshift status
  nightshift status --stage prod --json`;

/** `nightshift status`: which runs there were, here or on AWS. */
export function register(program: Command, deps: Deps): void {
  program
    .command("status")
    .summary("list runs and how they ended")
    .description("Lists rehearsals and runs of this machine, newest first, or those of a deployed stage.")
    .option("--stage <stage>", "runs of a deployed stage, on AWS")
    .option("--fleet <file>", "another fleet file")
    .option("--json", "print one JSON document and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(async ({ stage, fleet, json }: { stage?: string; fleet?: string; json?: true }) => {
      const file = resolve(fleet ?? deps.workspace.fleetFile);
      const runs = stage === undefined ? await localRuns(deps) : await deployedRuns(deps, stage, file);
      runs.sort((a, b) => (a.startDate < b.startDate ? 1 : -1));
      deps.out.write(json === true ? `${JSON.stringify(runs, null, 2)}\n` : render(runs));
    });
}

async function localRuns({ workspace }: Deps): Promise<Listed[]> {
  const { listExecutions } = await import("../../local/engine/execution-store.ts");
  return executionFolders(workspace).flatMap((folder) =>
    listExecutions(folder).map(({ name, status, startDate, stopDate, executionArn }) => {
      return { name, status, startDate, stopDate, executionArn };
    }),
  );
}

async function deployedRuns(deps: Deps, stage: string, fleetFile: string): Promise<Listed[]> {
  const { regions } = await loadFleet(fleetFile);
  const runs = await Promise.all(PLACES.map((place) => runsIn(deps, stage, place, regionOf(place, regions))));
  return runs.flat();
}

async function runsIn(deps: Deps, stage: string, place: Place, region: string): Promise<Listed[]> {
  const prefix = `nightshift-${stage}-`;
  const machines = await deps.loadMachines(region);
  const ours = (await machines.list()).filter(
    ({ name }) => name.startsWith(prefix) && placeOfMachine(name.slice(prefix.length)) === place,
  );
  const runs = await Promise.all(ours.map((machine) => executionsOf(machines, machine)));
  return runs.flat();
}

async function executionsOf(
  machines: Machines,
  machine: Parameters<Machines["executions"]>[0],
): Promise<Listed[]> {
  return (await machines.executions(machine, MOST_EXECUTIONS)).map(({ startDate, stopDate, ...run }) => {
    return { ...run, startDate: startDate?.toISOString() ?? "", stopDate: stopDate?.toISOString() };
  });
}

function render(runs: readonly Listed[]): string {
  if (runs.length === 0) return "No run so far. To begin: nightshift rehearse ami-build\n";
  const rows = runs.map(({ name, status, startDate, stopDate }) => {
    const seconds =
      stopDate === undefined ? undefined : (Date.parse(stopDate) - Date.parse(startDate)) / 1000;
    return [
      status,
      startDate.slice(0, 16).replace("T", " "),
      seconds === undefined ? "" : simulated(seconds),
      name,
    ];
  });
  const lines = columns([["STATUS", "BEGAN (UTC)", "TOOK", "EXECUTION"], ...rows]);
  return `${lines.join("\n")}\n\nTo see one: nightshift show EXECUTION\n`;
}
