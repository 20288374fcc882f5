import { randomBytes } from "node:crypto";
import type { Command } from "commander";
import type { CheckOf, Monitor } from "#fleet";
import { heartbeatPath } from "../../functions/monitor/heartbeats/heartbeat-url.ts";
import { notDeployed } from "../deployed/explain-watch-error.ts";
import type { Parameters } from "../deployed/parameters.ts";
import type { Deps } from "../deps.ts";
import { loadWatchedFleet, type MonitorOptions } from "../load-monitor.ts";
import { OperatorError } from "../operator-error.ts";
import { heartbeatLines, renderHeartbeat } from "../view/heartbeat-lines.ts";
import { withMonitorOptions } from "./monitor-options.ts";

const EXAMPLES = `
Examples:
  nightshift heartbeat tarsnap-nightly                  the address, and its line for crontab(5)
  nightshift heartbeat tarsnap-nightly --make-secret    the same, the first time of all

The check stands in fleet.yml:
  tarsnap-nightly: { kind: heartbeat, withinMinutes: 1440, graceMinutes: 60 }`;

/** Shorter ones are refused by the function that hears the reports. */
const SECRET_CHARACTERS = 32;

interface HeartbeatOptions extends MonitorOptions {
  readonly makeSecret?: true;
}

/** `nightshift heartbeat`: how a job or host reports in by itself. */
export function register(program: Command, deps: Deps): void {
  withMonitorOptions(program.command("heartbeat <check>"))
    .summary("print the line by which a job reports in")
    .description(
      "Prints the address to which a job reports that it began and how it ended, for a check of kind heartbeat. " +
        "All addresses follow from one secret in the watch region's Parameter Store. To change it is to change them all.",
    )
    .option("--make-secret", "make that secret if there is none yet")
    .addHelpText("after", EXAMPLES)
    .action((check: string, options: HeartbeatOptions) => heartbeat(deps, check, options));
}

async function heartbeat(deps: Deps, name: string, options: HeartbeatOptions): Promise<void> {
  const { monitor, region } = await loadWatchedFleet(deps, options);
  const check = await requireHeartbeat(monitor, name);
  const parameters = await deps.loadParameters(region);
  const base = await parameters.read(`/nightshift/${options.stage}/monitor/heartbeat-url`);
  if (base === undefined) throw notDeployed(region, options.stage);
  const secret = await secretOf(parameters, name, region, options);
  const lines = heartbeatLines(`${base.replace(/\/+$/, "")}${heartbeatPath(secret, name)}`);
  deps.out.write(
    options.json === true
      ? `${JSON.stringify({ check: name, ...lines }, null, 2)}\n`
      : renderHeartbeat(name, check, lines),
  );
}

/** @throws OperatorError that says which checks report by themselves */
async function requireHeartbeat({ checks }: Monitor, name: string): Promise<CheckOf<"heartbeat">> {
  const found = Object.hasOwn(checks, name) ? checks[name] : undefined;
  if (found?.kind === "heartbeat") return found;
  const known = Object.keys(checks).filter((one) => checks[one]?.kind === "heartbeat");
  const { nearest } = await import("#fleet");
  const meant = nearest(name, known);
  const hint = meant === undefined ? "" : `Did you mean "${meant}"? `;
  const wrong = found === undefined ? `no check "${name}"` : `${name} is a check of kind ${found.kind}`;
  throw new OperatorError(
    `${wrong}; jobs report to those of kind heartbeat`,
    known.length === 0 ? "The fleet has none: --help shows one." : `${hint}There are: ${known.join(", ")}.`,
  );
}

/** @throws OperatorError when there is no secret, and none is to be made */
async function secretOf(
  parameters: Parameters,
  check: string,
  region: string,
  { stage, makeSecret }: HeartbeatOptions,
): Promise<string> {
  const { heartbeatSecretName } = await import("../../functions/monitor/adapters/ssm-heartbeat-secret.ts");
  const name = heartbeatSecretName(stage);
  const read = async () => (await parameters.read(name))?.trim();
  let secret = await read();
  if (secret === undefined && makeSecret === true) {
    // Whoever comes second finds the first one's: it is read back, not assumed.
    const made = randomBytes(32).toString("base64url");
    await parameters.putSecret(name, made, "Secret of all heartbeat addresses of nightshift's monitor");
    secret = await read();
  }
  if (secret !== undefined && secret.length >= SECRET_CHARACTERS) return secret;
  if (secret !== undefined)
    throw new OperatorError(
      `${name} in ${region} has less than ${SECRET_CHARACTERS} characters, so no report would be heard`,
      "Delete it, and make another with --make-secret.",
    );
  throw new OperatorError(
    `there is no secret for the addresses yet (${name} in ${region})`,
    `Make it, once: nightshift heartbeat ${check} --stage ${stage} --make-secret`,
  );
}
