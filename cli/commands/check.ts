import { resolve } from "node:path";
import type { Command } from "commander";
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
      deps.out.write(describeFleet(await loadFleet(resolve(fleet ?? deps.workspace.fleetFile))));
    });
}
