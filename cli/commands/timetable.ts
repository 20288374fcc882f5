import type { Command } from "commander";
import type { Deps } from "../deps.ts";
import { machineNames } from "../workspace.ts";

/** `nightshift timetable`: what happens when, down to the file in which it is written. */
export function register(program: Command, deps: Deps): void {
  program
    .command("timetable")
    .summary("print what runs when: schedule, machine, states, files")
    .description(
      "Prints the chain from each schedule in events/schedules.yml through its state machine to the file of each state.",
    )
    .addHelpText("after", "\nExample:\n  nightshift timetable")
    .action(async () => {
      deps.out.write(await timetable(deps.workspace.root, machineNames(deps.workspace)));
    });
}

async function timetable(root: string, machines: readonly string[]): Promise<string> {
  const [{ readSchedules }, { listFunctions }, { readDefinition }, { renderTimetable }] = await Promise.all([
    import("../../infra/schedule.ts"),
    import("../../infra/function-name.ts"),
    import("../../local/engine/definition.ts"),
    import("../view/timetable.ts"),
  ]);
  const definitions = Object.fromEntries(machines.map((machine) => [machine, readDefinition(root, machine)]));
  return renderTimetable({ schedules: readSchedules(root), definitions, functions: listFunctions(root) });
}
