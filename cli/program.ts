import { Command, CommanderError } from "commander";
import { register as registerAccounts } from "./commands/accounts.ts";
import { register as registerAck } from "./commands/ack.ts";
import { register as registerBilling } from "./commands/billing.ts";
import { register as registerCheck } from "./commands/check.ts";
import { register as registerDiagram } from "./commands/diagram.ts";
import { register as registerHeartbeat } from "./commands/heartbeat.ts";
import { register as registerIncident } from "./commands/incident.ts";
import { register as registerKeys } from "./commands/keys.ts";
import { register as registerMail } from "./commands/mail.ts";
import { register as registerMonitor } from "./commands/monitor.ts";
import { register as registerReap } from "./commands/reap.ts";
import { register as registerRehearse } from "./commands/rehearse.ts";
import { register as registerRun } from "./commands/run.ts";
import { register as registerSchema } from "./commands/schema.ts";
import { register as registerShow } from "./commands/show.ts";
import { register as registerSpipe } from "./commands/spipe.ts";
import { register as registerSsh } from "./commands/ssh.ts";
import { register as registerStatus } from "./commands/status.ts";
import { register as registerTimetable } from "./commands/timetable.ts";
import { register as registerUpdates } from "./commands/updates.ts";
import { register as registerUsage } from "./commands/usage.ts";
import type { Deps } from "./deps.ts";
import { explainError } from "./explain-error.ts";

const REGISTER = [
  registerCheck,
  registerRehearse,
  registerRun,
  registerReap,
  registerBilling,
  registerAccounts,
  registerUsage,
  registerMail,
  registerMonitor,
  registerIncident,
  registerAck,
  registerHeartbeat,
  registerKeys,
  registerSsh,
  registerUpdates,
  registerSpipe,
  registerStatus,
  registerShow,
  registerTimetable,
  registerDiagram,
  registerSchema,
];

const INTRODUCTION = `nightshift runs the back office of a small FreeBSD service on EC2.

fleet.yml says what there is, events/schedules.yml when what happens, state-machines/ in what order.
Whatever runs on AWS can be rehearsed on this machine first, without an account.`;

const FIRST_STEPS = `
First steps:
  nightshift check                          does fleet.yml say what I mean?
  nightshift rehearse ami-build             build an image in the rehearsal cloud
  nightshift timetable                      what happens at night, and where is it written?
  nightshift run ami-build --stage prod     the same on AWS, once it is deployed
  nightshift monitor                        how does everything stand that is watched?

nightshift COMMAND --help explains each with an example.`;

/** Exit status of a command line that cannot be understood. */
const USAGE = 2;

/**
 * Carries out a command line (without node and script). Never throws: what went wrong stands on `deps.err`, and the
 * exit status is given to `deps.finish`: 1 for a failure, 2 for a usage error.
 */
export async function runProgram(argv: readonly string[], deps: Deps): Promise<void> {
  const program = buildProgram(deps);
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      deps.finish(error.exitCode === 0 || isHelp(error) ? 0 : USAGE);
      return;
    }
    const debug = program.opts<{ debug?: true }>().debug === true || argv.includes("--debug");
    explainError(error, deps.err, debug || (deps.environment.NIGHTSHIFT_DEBUG ?? "") !== "");
    deps.finish(1);
  }
}

function buildProgram(deps: Deps): Command {
  const program = new Command("nightshift")
    .description(INTRODUCTION)
    .option("--debug", "show where an error happened")
    .helpCommand(false)
    .addHelpText("after", FIRST_STEPS)
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError("To see how it is meant, add --help.")
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error:/, "nightshift:")),
      writeOut: (text) => void deps.out.write(text),
      writeErr: (text) => void deps.err.write(text),
    });
  for (const register of REGISTER) register(program, deps);
  for (const command of program.commands) command.option("--debug", "show where an error happened");
  return program;
}

/** Without any argument commander shows the help as if it were an error. It is what one wants to see. */
function isHelp(error: CommanderError): boolean {
  return error.code === "commander.help" || error.code === "commander.helpDisplayed";
}
