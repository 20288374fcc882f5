import type { Command } from "commander";
import { timelineOf } from "../../functions/monitor/timeline.ts";
import { readIncident } from "../choose.ts";
import type { Deps } from "../deps.ts";
import { loadWatchedFleet, type MonitorOptions } from "../load-monitor.ts";
import { OperatorError } from "../operator-error.ts";
import { renderIncidents } from "../view/incident-list.ts";
import { renderIncident } from "../view/incident-timeline.ts";
import { terminalOf } from "../view/terminal.ts";
import { withMonitorOptions } from "./monitor-options.ts";

const EXAMPLES = `
Examples:
  nightshift incident              the newest, open ones among them
  nightshift incident 12           what happened in one: who was told when, who had it, when it was over
  nightshift incident 12 --json`;

/** Of all that there were, so many are listed. */
const LISTED = 20;

/** `nightshift incident`: what went wrong, and what was done about it. */
export function register(program: Command, deps: Deps): void {
  withMonitorOptions(program.command("incident [number]"))
    .summary("list incidents, or tell what happened in one")
    .description(`Lists the newest ${LISTED} incidents of a deployed monitor, or tells the timeline of one.`)
    .addHelpText("after", EXAMPLES)
    .action((number: string | undefined, options: MonitorOptions) =>
      number === undefined ? list(deps, options) : show(deps, readIncident(number), options),
    );
}

async function list(deps: Deps, options: MonitorOptions): Promise<void> {
  const { monitor, region } = await loadWatchedFleet(deps, options);
  const { incidents } = await deps.loadMonitor(region, options.stage);
  const newest = await incidents.newest(LISTED);
  tell(deps, options, newest, () => renderIncidents(newest, monitor, deps.now()));
}

async function show(deps: Deps, number: number, options: MonitorOptions): Promise<void> {
  const { monitor, region } = await loadWatchedFleet(deps, options);
  const { incidents } = await deps.loadMonitor(region, options.stage);
  const [incident, notes] = await Promise.all([incidents.read(number), incidents.notes(number)]);
  if (incident === undefined)
    throw new OperatorError(`there is no incident ${number}`, "See which there are: nightshift incident");
  const timeline = timelineOf(incident, notes);
  const terminal = terminalOf(deps.out, deps.environment);
  tell(deps, options, { ...incident, timeline }, () =>
    renderIncident(incident, timeline, terminal, monitor.timeZone),
  );
}

function tell(deps: Deps, { json }: MonitorOptions, value: unknown, words: () => string): void {
  deps.out.write(json === true ? `${JSON.stringify(value, null, 2)}\n` : words());
}
