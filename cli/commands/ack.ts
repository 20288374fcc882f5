import type { Command } from "commander";
import type { Monitor } from "#fleet";
import type { Incident } from "../../functions/monitor/incident.ts";
import { readHours, readIncident } from "../choose.ts";
import type { Deps } from "../deps.ts";
import { INTERRUPTED } from "../interrupt.ts";
import { loadWatchedFleet, type MonitorOptions } from "../load-monitor.ts";
import { OperatorError } from "../operator-error.ts";
import { followRun, type Outcome } from "../start-run.ts";
import { acknowledgementWords } from "../view/acknowledgement-words.ts";
import { withMonitorOptions } from "./monitor-options.ts";

const EXAMPLES = `
Examples:
  nightshift ack 12                       I have it; nobody else is woken for as long as the fleet says
  nightshift ack 12 --hours 8             it will take me the night
  nightshift ack 12 --by deputy           somebody who is at no computer said so

Whoever got the message can answer it as well: ACK 12, or the key 1 in the call. When the acknowledgement runs out and
the incident is still open, everybody is told again.`;

interface AckOptions extends MonitorOptions {
  readonly hours?: string;
  readonly by?: string;
}

/** `nightshift ack`: somebody has it, so that nobody else is woken. */
export function register(program: Command, deps: Deps): void {
  withMonitorOptions(program.command("ack <incident>"))
    .summary("acknowledge an incident: nobody else is woken")
    .description("Acknowledges an incident by the machine monitor-acknowledge, and says what came of it.")
    .option("--hours <hours>", "for how long (default: the fleet's acknowledgedHours)")
    .option("--by <name>", "who has it (default: your login name)")
    .addHelpText("after", EXAMPLES)
    .action((incident: string, options: AckOptions) => acknowledge(deps, readIncident(incident), options));
}

async function acknowledge(deps: Deps, incident: number, options: AckOptions): Promise<void> {
  const hours = options.hours === undefined ? {} : { hours: readHours(options.hours) };
  const by = readName(options.by ?? deps.operator());
  const { monitor, region } = await loadWatchedFleet(deps, options);
  const now = deps.now();
  const about = { incident, by, ...hours };
  // By the second: whoever asks twice means it, and the incident's record says whether it counted.
  const time = new Date(Math.floor(now.getTime() / 1000) * 1000).toISOString();
  const run = { ...options, time, engine: "deployed", cloud: "aws", json: true } as const;
  const outcome = await followRun(deps, "monitor-acknowledge", about, run, [String(incident), by]);
  if (outcome === undefined) return deps.finish(INTERRUPTED);
  const result = resultOf(incident, outcome);
  // What counts has happened; a record that cannot be read makes the answer shorter, not wrong.
  const record = await deps
    .loadMonitor(region, options.stage)
    .then(({ incidents }) => incidents.read(incident))
    .catch(() => undefined);
  tell(deps, options, { incident, by, result, record, monitor, now });
}

interface Told {
  readonly incident: number;
  readonly by: string;
  readonly result: string;
  readonly record: Incident | undefined;
  readonly monitor: Monitor;
  readonly now: Date;
}

function tell(deps: Deps, { json }: AckOptions, { record, monitor, now, ...told }: Told): void {
  const last = record?.acknowledgements.at(-1);
  const document = { ...told, until: last?.until, heldBy: last?.by, recoveredAt: record?.recoveredAt };
  const words = acknowledgementWords(told, record, monitor, now);
  deps.out.write(json ? `${JSON.stringify(document, null, 2)}\n` : `${words}\n`);
}

/** @throws OperatorError when it was not acknowledged */
function resultOf(incident: number, { status, error, cause, output, executionArn }: Outcome): string {
  if (error === "UnknownIncidentError")
    throw new OperatorError(`there is no incident ${incident}`, "See which there are: nightshift incident");
  const { result } = (output ?? {}) as { readonly result?: unknown };
  if (status === "SUCCEEDED" && typeof result === "string") return result;
  throw new OperatorError(
    `incident ${incident} was not acknowledged: ${[error, cause].filter(Boolean).join(": ") || status}`,
    `See what happened: nightshift show ${executionArn}`,
  );
}

function readName(name: string): string {
  const trimmed = name.trim();
  if (trimmed.length > 0 && trimmed.length <= 60) return trimmed;
  throw new OperatorError("who has it?", "Give a name of 60 characters or less: --by NAME.");
}
