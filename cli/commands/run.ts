import { createHash } from "node:crypto";
import type { Command } from "commander";
import { readInput, requireMachine, takesImage } from "../choose.ts";
import type { Deps } from "../deps.ts";
import { type RunOptions, startRun } from "../start-run.ts";

const EXAMPLES = `
Examples:
  nightshift run ami-build --stage prod
  nightshift run ami-build --engine embedded --cloud aws
  nightshift run mail-lift --input '{"address":"somebody@example.net"}'`;

/** `nightshift run`: starts a machine on real AWS and follows it. */
export function register(program: Command, deps: Deps): void {
  withRunOptions(program.command("run <machine>"))
    .summary("run a state machine on AWS and follow it")
    .description(
      "Starts a deployed state machine, or runs it in this process against real AWS, and follows it.",
    )
    .option("--image <name>", "image of the fleet to build", "base")
    .option("--input <json>", "further input of the machine, as a JSON object")
    .addHelpText("after", EXAMPLES)
    .action(
      async (machine: string, options: RunOptions & { readonly image: string; readonly input?: string }) => {
        await requireMachine(deps.workspace, machine);
        const about = takesImage(deps.workspace, machine) ? { image: options.image } : {};
        const input = readInput(options.input);
        const subject = [...Object.values(about), ...digestOf(input)];
        await startRun(deps, machine, { ...about, ...input }, options, subject);
      },
    );
}

/** What stands for further input in an execution's name, so that another input is another run. */
function digestOf(input: Readonly<Record<string, unknown>>): string[] {
  if (Object.keys(input).length === 0) return [];
  return [createHash("sha256").update(JSON.stringify(input)).digest("hex").slice(0, 12)];
}

/** The options of every command that starts something on AWS. */
export function withRunOptions(command: Command): Command {
  return command
    .option("--stage <stage>", "the deployment (default: prod; laptop with --engine embedded)")
    .option("--engine <engine>", "deployed (Step Functions) or embedded (this process)", "deployed")
    .option("--cloud <cloud>", "where resources are made: aws", "aws")
    .option("--time <instant>", "the instant that it is about, ISO 8601 with a zone (default: this minute)")
    .option("--fleet <file>", "another fleet file")
    .option("--json", "print one JSON document and nothing else");
}
