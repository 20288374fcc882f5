import { resolve } from "node:path";
import type { Command } from "commander";
import { regionOf } from "../../infra/place.ts";
import type { Deps } from "../deps.ts";
import { loadFleet } from "../load-fleet.ts";
import type { MonitorOptions } from "../load-monitor.ts";
import { isOld, lookAtUpdates, type UpdatesLook } from "../look-at-updates.ts";
import { nearPath } from "../near-path.ts";
import { OperatorError } from "../operator-error.ts";
import { terminalOf } from "../view/terminal.ts";
import { withMonitorOptions } from "./monitor-options.ts";

const EXAMPLES = `
Examples:
  nightshift updates                   what is pending, worst first
  nightshift updates --host www        all that is known of one host
  nightshift updates --json | jq '.hosts[] | {host, outcome}'

It shows what the last check found. To check now: nightshift run updates-check --stage prod`;

interface UpdatesOptions extends MonitorOptions {
  readonly host?: string;
}

/** `nightshift updates`: what updates hosts and releases have. */
export function register(program: Command, deps: Deps): void {
  withMonitorOptions(program.command("updates"))
    .summary("show what updates hosts and FreeBSD have")
    .description("Shows what the newest check for updates found: per host, and per release of FreeBSD.")
    .option("--host <name>", "one host only")
    .addHelpText("after", EXAMPLES)
    .action((options: UpdatesOptions) => updates(deps, options));
}

async function updates(deps: Deps, options: UpdatesOptions): Promise<void> {
  const file = resolve(options.fleet ?? deps.workspace.fleetFile);
  const fleet = await loadFleet(file);
  if (fleet.updates === undefined)
    throw new OperatorError(
      `${nearPath(file)} has no section updates, so nothing is checked`,
      "Add one (nightshift's own fleet.yml has an example), or name another file with --fleet.",
    );
  const region = regionOf("home", fleet.regions);
  const look = await lookAtUpdates(await deps.loadUpdates(region, options.stage), options.stage);
  const shown = options.host === undefined ? look : await onlyHost(look, options.host);
  const now = deps.now();
  if (options.json === true) {
    const document = { stage: options.stage, region, isOld: isOld(look, now), ...shown };
    deps.out.write(`${JSON.stringify(document, null, 2)}\n`);
    return;
  }
  const view = { ...shown, now, isOld: isOld(look, now), endOfLifeDays: fleet.updates.endOfLifeDays };
  const { renderUpdates } = await import("../view/updates-view.ts"); // with what reaches hosts, which --help can do without
  deps.out.write(renderUpdates(view, terminalOf(deps.out, deps.environment)));
}

async function onlyHost(look: UpdatesLook, name: string): Promise<UpdatesLook> {
  const hosts = look.hosts.filter(({ host }) => host === name);
  if (hosts.length > 0) return { ...look, hosts, releases: [] };
  const { nearest } = await import("#fleet");
  const names = look.hosts.map(({ host }) => host);
  const meant = nearest(name, names);
  throw new OperatorError(
    `the last check knew no host "${name}"`,
    meant === undefined
      ? `It knew: ${names.slice(0, 20).join(", ") || "none at all"}.`
      : `Did you mean "${meant}"?`,
  );
}
