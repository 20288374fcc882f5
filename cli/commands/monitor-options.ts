import type { Command } from "commander";

/** The options of every command about the deployed monitor. */
export function withMonitorOptions(command: Command): Command {
  return command
    .option("--stage <stage>", "the deployment", "prod")
    .option("--fleet <file>", "another fleet file")
    .option("--json", "print one JSON document and nothing else");
}
