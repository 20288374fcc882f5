import { resolve } from "node:path";
import type { Command } from "commander";
import type { Fleet } from "#fleet";
import { requireMachine } from "../choose.ts";
import type { Deps } from "../deps.ts";
import { loadFleet } from "../load-fleet.ts";

/** `nightshift check`: validates the fleet file and says what it understood. */
export function register(program: Command, deps: Deps): void {
  program
    .command("check")
    .summary("validate fleet.yml and print what it says")
    .description(
      "Validates the fleet file and prints what it says. Every problem is named with its line and column.",
    )
    .option("--fleet <file>", "another fleet file")
    .addHelpText("after", "\nExample:\n  nightshift check --fleet fleet.yml")
    .action(async ({ fleet }: { fleet?: string }) => {
      const { describeFleet } = await import("#fleet");
      const loaded = await loadFleet(resolve(fleet ?? deps.workspace.fleetFile));
      await requireWatchedMachines(deps, loaded);
      deps.out.write(describeFleet(loaded));
    });
}

/** A machine that there is not would be missed for ever. What machines there are, the fleet's schema cannot know. */
async function requireWatchedMachines({ workspace }: Deps, { monitor }: Fleet): Promise<void> {
  for (const check of Object.values(monitor?.checks ?? {}))
    if (check.kind === "execution") await requireMachine(workspace, check.machine);
}
