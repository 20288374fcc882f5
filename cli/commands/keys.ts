import { resolve } from "node:path";
import type { Command } from "commander";
import type { Fleet } from "#fleet";
import { type Place, regionOf } from "../../infra/place.ts";
import type { Parameters } from "../deployed/parameters.ts";
import type { Deps } from "../deps.ts";
import { loadFleet } from "../load-fleet.ts";
import type { MonitorOptions } from "../load-monitor.ts";
import { OperatorError } from "../operator-error.ts";
import { type RunOptions, startRun } from "../start-run.ts";
import { withMonitorOptions } from "./monitor-options.ts";
import { withRunOptions } from "./run.ts";

const EXAMPLES = `
Examples:
  nightshift keys list                  which keys there are, who uses them, and how old they are
  nightshift keys new MAIL              the key of a new pipe, in both regions
  nightshift keys new --ssh tunnels     the SSH key by which keys are changed; prints its line for fleet.yml
  nightshift keys rotate SSH            another key, on every host, without a moment in which there is no way in

A key is 32 random bytes in SSM, in the home region and the same in the watch region, from where the monitor connects.
No command prints one. What is shown is a fingerprint, which is of no use to anybody.

A rotation opens a second port on every host with the new key, then gives that key to the first port, then closes the second.
Let the second port in where you let in the first (tunnels.secondPortOffset in fleet.yml). If it is interrupted, start it
again: it goes on where it was. Images hold keys: build them anew afterwards.`;

/** Errands that have an SSH key, by the section of fleet.yml. */
const ERRANDS = ["updates", "tunnels"] as const;

type Options = MonitorOptions;

/** `nightshift keys …`: the keys of pipes, and of nightshift's own errands. */
export function register(program: Command, deps: Deps): void {
  const keys = program
    .command("keys")
    .summary("list, make and rotate the keys of pipes")
    .description("Lists, makes and rotates the keys of spiped pipes.")
    .addHelpText("after", EXAMPLES);

  withMonitorOptions(keys.command("list"))
    .summary("which keys there are, who uses them, and how old they are")
    .action((options: Options) => list(deps, options));

  withMonitorOptions(keys.command("new [name]"))
    .summary("make a key where there is none; nothing is ever replaced")
    .option("--ssh <errand>", `make the SSH key of an errand instead: ${ERRANDS.join(" or ")}`)
    .action((name: string | undefined, options: Options & { readonly ssh?: string }) =>
      options.ssh === undefined
        ? newPipeKey(deps, name, options)
        : newSshKey(deps, options.ssh, name, options),
    );

  withRunOptions(keys.command("rotate <name>"))
    .summary("change a key on every host that has it")
    .action((name: string, options: RunOptions) => rotate(deps, name, options));
}

async function list(deps: Deps, options: Options): Promise<void> {
  const fleet = await fleetOf(deps, options);
  const { lookAtKeys } = await import("../keys/look-at-keys.ts");
  const { keyTable } = await import("../view/key-table.ts");
  const keys = await lookAtKeys(fleet, {
    parameters: await parametersOf(deps, fleet),
    rotations: await deps.loadRotations(regionOf("home", fleet.regions), options.stage),
  });
  deps.out.write(options.json === true ? `${JSON.stringify(keys, null, 2)}\n` : keyTable(keys, deps.now()));
}

async function newPipeKey(deps: Deps, name: string | undefined, options: Options): Promise<void> {
  if (name === undefined || !/^[A-Za-z0-9_-]{1,50}$/.test(name))
    throw new OperatorError(
      name === undefined ? "which key is to be made?" : `${name} cannot be the name of a key`,
      "Name it after its pipe, with letters, digits, - and _: nightshift keys new MAIL",
    );
  const fleet = await fleetOf(deps, options);
  const { makePipeKey } = await import("../keys/make-key.ts");
  const parameter = `/nightshift/pipes/${name}`;
  const { fingerprint, made } = await makePipeKey(await parametersOf(deps, fleet), parameter);
  const regions = made.map((place) => regionOf(place, fleet.regions));
  const text = `Made ${parameter} in ${regions.join(" and ")}, fingerprint ${fingerprint}.\nIn fleet.yml: keyParameter: ${parameter}\n`;
  say(deps, options, { parameter, fingerprint, regions }, text);
}

async function newSshKey(
  deps: Deps,
  errand: string,
  name: string | undefined,
  options: Options,
): Promise<void> {
  const known = ERRANDS.find((one) => one === errand);
  if (known === undefined || name !== undefined)
    throw new OperatorError(
      known === undefined ? `no errand "${errand}"` : "an SSH key has no name besides its errand's",
      `There are: ${ERRANDS.join(", ")}.`,
    );
  const fleet = await fleetOf(deps, options);
  const region = regionOf("home", fleet.regions);
  const parameter = fleet[known]?.sshKeyParameter ?? `/nightshift/ssh/${known}`;
  const { makeSshKey } = await import("../keys/make-key.ts");
  const { publicKey, isNew } = await makeSshKey(await deps.loadParameters(region), parameter);
  const verdict = isNew
    ? `Made ${parameter} in ${region}.`
    : `${parameter} in ${region} is there already, and stays.`;
  const text = `${verdict} In fleet.yml, before the images are built:\n\n${known}:\n  publicKey: ${publicKey}\n`;
  say(deps, options, { parameter, publicKey, isNew }, text);
}

/** What cannot be rotated is refused here as well, before anything is started. */
async function rotate(deps: Deps, name: string, options: RunOptions): Promise<void> {
  const { planRotation } = await import("../../functions/tunnels/plan-rotation.ts");
  const { pipe } = planRotation(await fleetOf(deps, options), name);
  await startRun(deps, "tunnels-rotate", { pipe }, options, [pipe.replace("/nightshift/pipes/", "")]);
}

function say(deps: Deps, { json }: Options, document: object, text: string): void {
  deps.out.write(json === true ? `${JSON.stringify(document, null, 2)}\n` : text);
}

function fleetOf(deps: Deps, { fleet }: { readonly fleet?: string }): Promise<Fleet> {
  return loadFleet(resolve(fleet ?? deps.workspace.fleetFile));
}

async function parametersOf(deps: Deps, { regions }: Fleet): Promise<Record<Place, Parameters>> {
  return { home: await deps.loadParameters(regions.home), watch: await deps.loadParameters(regions.watch) };
}
