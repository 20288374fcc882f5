import type { Command } from "commander";
import type { Deps } from "../deps.ts";
import { type RunOptions, startRun } from "../start-run.ts";
import { withRunOptions } from "./run.ts";

const EXAMPLES = `
Examples:
  nightshift reap --stage prod
  nightshift reap --engine embedded --cloud aws`;

/** `nightshift reap`: runs the reaper now instead of waiting for its hour. */
export function register(program: Command, deps: Deps): void {
  withRunOptions(program.command("reap"))
    .summary("remove what dead runs left on AWS, now")
    .description(
      "Runs ami-reap: finds by tag and expiry what dead runs left in every region, removes it and reports it. " +
        "It touches nothing that lacks nightshift's tags or belongs to a run that is under way.",
    )
    .addHelpText("after", EXAMPLES)
    .action((options: RunOptions) => startRun(deps, "ami-reap", {}, options));
}
