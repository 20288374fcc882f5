import type { Command } from "commander";
import { requireMachine } from "../choose.ts";
import type { Deps } from "../deps.ts";

/** `nightshift diagram`: a state machine as a picture, in Mermaid's language. */
export function register(program: Command, deps: Deps): void {
  program
    .command("diagram <machine>")
    .summary("print a state machine as a Mermaid flowchart")
    .description("Prints a state machine as a Mermaid flowchart, as it stands in the README.")
    .addHelpText("after", "\nExample:\n  nightshift diagram ami-build > ami-build.mmd")
    .action(async (machine: string) => {
      await requireMachine(deps.workspace, machine);
      const { readDefinition } = await import("../../local/engine/definition.ts");
      const { aslDiagram } = await import("../view/asl-diagram.ts");
      deps.out.write(aslDiagram(readDefinition(deps.workspace.root, machine)));
    });
}
