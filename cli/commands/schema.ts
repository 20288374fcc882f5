import type { Command } from "commander";
import type { Deps } from "../deps.ts";

/** `nightshift schema`: the JSON Schema of fleet.yml, for editors. */
export function register(program: Command, deps: Deps): void {
  program
    .command("schema")
    .summary("print the JSON Schema of fleet.yml")
    .description("Prints the JSON Schema of fleet.yml, with which editors complete and check it.")
    .addHelpText("after", "\nExample:\n  nightshift schema > fleet.schema.json")
    .action(async () => {
      const { fleetJsonSchema } = await import("#fleet");
      deps.out.write(`${JSON.stringify(fleetJsonSchema(), null, 2)}\n`);
    });
}
