import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import type { HostOfFleet } from "#fleet";
import { regionOf } from "../../infra/place.ts";
import type { Deps } from "../deps.ts";
import { loadFleet } from "../load-fleet.ts";
import { OperatorError } from "../operator-error.ts";

const EXAMPLES = `
Examples:
  nightshift ssh www
  nightshift ssh www -- uname -a            its status is the command's
  nightshift ssh www -l root -- status SSH  with an SSH key of your own, as ssh finds it

It runs your ssh, with three things added: the pipe of the host's image as its ProxyCommand, that pipe's key from
Parameter Store (it touches no disk), and the host key that fleet.yml pins, without which nobody is logged in.
Host keys in ~/.ssh/known_hosts do not count. Everything else is as in ~/.ssh/config, under the name of the host.`;

interface SshOptions {
  readonly login: string;
  readonly fleet?: string;
  readonly region?: string;
}

/** `nightshift ssh`: onto a host of the fleet, through its pipe. */
export function register(program: Command, deps: Deps): void {
  program
    .command("ssh <host> [command...]")
    .summary("log in on a host of the fleet, through its pipe")
    .description(
      "Logs in on a host of the fleet with ssh(1), through its pipe and by the host key that is pinned.",
    )
    .option("-l, --login <user>", "as whom", "ec2-user")
    .option("--region <region>", "where the pipe's key is (default: the fleet's home region)")
    .option("--fleet <file>", "another fleet file")
    .addHelpText("after", EXAMPLES)
    .action((host: string, command: string[], options: SshOptions) => ssh(deps, host, command, options));
}

async function ssh(deps: Deps, name: string, command: string[], options: SshOptions): Promise<void> {
  const fleet = await loadFleet(resolve(options.fleet ?? deps.workspace.fleetFile));
  const { findHost } = await import("#fleet");
  const host = findHost(fleet, name);
  const region = options.region ?? regionOf("home", fleet.regions);
  const { readPipeKeys } = await import("../pipe-keys.ts");
  // ssh would only say that the proxy ended. What is missing is said here, before it starts.
  await readPipeKeys(await deps.loadParameters(region), host.keyParameter, region);
  const folder = mkdtempSync(join(tmpdir(), "nightshift-ssh-"));
  try {
    const knownHosts = join(folder, "known_hosts");
    writeFileSync(knownHosts, `${name} ${host.hostKey}\n`, { mode: 0o600 });
    const settings = settingsOf(host, knownHosts, proxyCommand(deps, host, region));
    const argv = [...settings.flatMap((one) => ["-o", one]), "-l", options.login, "--", name, ...command];
    const status = await deps.runProgram("ssh", argv);
    if (status === undefined)
      throw new OperatorError("there is no ssh on this machine", "Install OpenSSH's client.");
    deps.finish(status);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** ssh_config(5). The pinned key is the only one that counts. */
function settingsOf({ name }: HostOfFleet, knownHosts: string, proxy: string): string[] {
  return [
    `ProxyCommand=${proxy}`,
    `UserKnownHostsFile="${knownHosts}"`,
    "GlobalKnownHostsFile=/dev/null",
    "StrictHostKeyChecking=yes",
    `HostKeyAlias=${name}`,
    "UpdateHostKeys=no",
    "CheckHostIP=no",
    "VerifyHostKeyDNS=no",
  ];
}

/** Run by the operator's shell after ssh has replaced its own %-words (ssh_config(5), ProxyCommand). */
function proxyCommand({ workspace }: Deps, { address, keyParameter }: HostOfFleet, region: string): string {
  const program = [process.execPath, join(workspace.root, "cli", "nightshift.js")];
  const words = [...program, "spipe", "-t", address, "--parameter", keyParameter, "--region", region];
  return words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`.replaceAll("%", "%%")).join(" ");
}
