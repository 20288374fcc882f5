import { resolve } from "node:path";
import type { Command } from "commander";
import type { RehearsalReport } from "../../local/rehearsal/report.ts";
import type { StoryLine } from "../../local/watch/story.ts";
import { readInput, readPort, readTime, requireMachine, takesImage } from "../choose.ts";
import type { Deps } from "../deps.ts";
import { INTERRUPTED, interruptible } from "../interrupt.ts";
import { loadFleet } from "../load-fleet.ts";
import { nearPath } from "../near-path.ts";
import { OperatorError } from "../operator-error.ts";
import { renderSummary } from "../view/summary.ts";
import { terminalOf } from "../view/terminal.ts";
import { storyLine, storySummary } from "../view/watch-story.ts";
import { watched } from "../watch.ts";
import { machineNames, openRehearsalFolder } from "../workspace.ts";

interface Options {
  readonly image: string;
  readonly fleet?: string;
  readonly fault?: string[];
  readonly time?: string;
  readonly input?: string;
  readonly port?: string;
  readonly json?: true;
  readonly keep?: true;
}

const EXAMPLES = `
Faults are errors of a call, service:Operation:Code[:count][@region], or situations:
  builder-never-boots, host-key-mismatch, packages-unreachable, image-failed, copy-failed@REGION,
  host-key-changed, host-dark, updates-pending

Examples:
  nightshift rehearse ami-build
  nightshift rehearse ami-build --fault ec2:CreateImage:InternalError
  nightshift rehearse ami-build --fault copy-failed@us-west-2 --json
  nightshift rehearse billing-nightly --time 2026-11-23T00:30:00Z
  nightshift rehearse billing-nightly --fault ses:SendRawEmail:Throttling:3
  nightshift rehearse updates-check --fault updates-pending
  nightshift rehearse tunnels-rotate --input '{"pipe":"SSH"}'
  nightshift rehearse host-goes-dark          a night of the monitor: SMS, call, keypress, all-clear
  nightshift rehearse flapping-link           another one: a link that goes up and down
  nightshift rehearse billing-entry --input \\
    '{"account":"c004","entry":{"id":"p1","kind":"payment","amount":"5000000000000000000","on":"2026-11-22"}}'`;

/** `nightshift rehearse`: runs a machine against the rehearsal cloud and shows everything that it did. */
export function register(program: Command, deps: Deps): void {
  program
    .command("rehearse <machine>")
    .summary("run a state machine, or a night of the monitor, in the rehearsal cloud")
    .description(
      "Runs a state machine on the embedded engine against the rehearsal cloud: no account, no network, no cost. " +
        "It leaves a folder with everything that came of it: file trees, console logs, objects, mail. A night bills " +
        "sample customers, some of whom run out of money.",
    )
    .option("--image <name>", "image of the fleet to build", "base")
    .option("--fleet <file>", "another fleet file")
    .option("--fault <fault>", "something that shall go wrong; may be given more than once", collect)
    .option("--input <json>", "further input of the machine, as a JSON object")
    .option("--time <instant>", "when it shall begin, ISO 8601 with a zone (default: now)")
    .option("--port <port>", "TCP port of the rehearsal cloud (default: a free one)")
    .option("--keep", "keep the folders of earlier rehearsals")
    .option("--json", "print one JSON document and nothing else")
    .addHelpText("after", EXAMPLES)
    .action((machine: string, options: Options) => rehearse(deps, machine, options));
}

function collect(fault: string, before: string[] = []): string[] {
  return [...before, fault];
}

async function rehearse(deps: Deps, machine: string, options: Options): Promise<void> {
  const fleetFile = resolve(options.fleet ?? deps.workspace.fleetFile);
  if (!machineNames(deps.workspace).includes(machine)) {
    const { all } = await deps.loadStories();
    if (all.some(({ name }) => name === machine)) return rehearseStory(deps, machine, fleetFile, options);
    await requireMachine(
      deps.workspace,
      machine,
      all.map(({ name }) => name),
    );
  }
  const setting = {
    root: deps.workspace.root,
    machine,
    fleetFile,
    ...(takesImage(deps.workspace, machine) ? { image: options.image } : {}),
    faults: options.fault ?? [],
    input: readInput(options.input),
    ...(options.time === undefined ? {} : { time: readTime(options.time) }),
    ...(options.port === undefined ? {} : { port: readPort(options.port) }),
  };
  if (takesImage(deps.workspace, machine)) await requireImage(fleetFile, options.image);
  const run = await deps.loadRehearse();
  const folder = openRehearsalFolder(deps.workspace, deps.now(), process.pid, options.keep === true);
  const notice = "Interrupted: the rehearsal ends as soon as it can clean up. Ctrl-C again stops it at once.";
  const report = await interruptible(deps, notice, (signal) =>
    options.json === true
      ? run({ ...setting, folder, signal, onEvent: () => undefined })
      : watched(deps, "real and simulated", (onEvent) => run({ ...setting, folder, signal, onEvent })),
  );
  deps.out.write(
    options.json === true ? `${JSON.stringify(report, null, 2)}\n` : renderSummary(withNearPaths(report)),
  );
  deps.finish(exitStatus(report));
}

/** A night of the monitor: what happens around it is the story's, so there is nothing to choose. */
async function rehearseStory(deps: Deps, name: string, fleetFile: string, options: Options): Promise<void> {
  refuseForStory(options);
  const { tell } = await deps.loadStories();
  const terminal = terminalOf(deps.out, deps.environment);
  const isJson = options.json === true;
  const folder = openRehearsalFolder(deps.workspace, deps.now(), process.pid, options.keep === true);
  const onLine = (line: StoryLine) => (isJson ? undefined : deps.out.write(storyLine(line, terminal)));
  const report = await interruptible(deps, "Interrupted: the night ends here.", (signal) =>
    tell(name, { root: deps.workspace.root, fleetFile, folder, onLine, signal }).catch((error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    }),
  );
  if (report === undefined) return deps.finish(INTERRUPTED);
  deps.out.write(isJson ? `${JSON.stringify(report, null, 2)}\n` : storySummary(report, nearPath));
  deps.finish(report.failures.length === 0 ? 0 : 1);
}

/** @throws OperatorError rather than to pass over what was asked for */
function refuseForStory({ fault, time, input, port }: Options): void {
  const given = Object.entries({ fault, time, input, port }).filter(([, value]) => value !== undefined);
  const [option] = given.map(([option]) => option);
  if (option !== undefined)
    throw new OperatorError(`--${option} is for machines`, "A night of the monitor is told as it is.");
}

/** For people; programs get absolute paths. */
function withNearPaths(report: RehearsalReport): RehearsalReport {
  const mails = report.mails.map((mail) => ({ ...mail, file: nearPath(mail.file) }));
  return { ...report, artifacts: nearPath(report.artifacts), mails };
}

/** @throws FleetError before anything is started or removed */
async function requireImage(fleetFile: string, image: string): Promise<void> {
  const { findImage } = await import("#fleet");
  findImage(await loadFleet(fleetFile), image);
}

/** A run that left something behind, or made a defect image, did not go well, whatever its own end says. */
function exitStatus({ status, leftovers, imageProblems }: RehearsalReport): number {
  if (status === "ABORTED") return INTERRUPTED;
  return status === "SUCCEEDED" && leftovers.length === 0 && imageProblems.length === 0 ? 0 : 1;
}
