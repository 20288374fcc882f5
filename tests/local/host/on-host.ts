import { spawn } from "node:child_process";
import { dirname } from "node:path";
import { type Fleet, findHost } from "#fleet";
import { type CommandResult, type HostAccess, runOnHost } from "#hosts";
import { readKey } from "#spiped";
import { machineEnvironment } from "../../../local/builder/environment.ts";
import { errandKeyOf, pipeKeyOf } from "../../../local/rehearsal/host-keys-of-fleet.ts";
import type { HostsScene } from "../../../local/rehearsal/hosts-scene.ts";

/** How one gets in as an errand. */
export function accessOf(fleet: Fleet, name: string, errand: string): HostAccess {
  const { address, hostKey, keyParameter } = findHost(fleet, name);
  const pipeKeys = [readKey(Buffer.from(pipeKeyOf(keyParameter), "base64"))];
  return { address, hostKey, pipeKeys, user: "root", privateKey: errandKeyOf(errand).private };
}

/** Runs the program of an errand as functions do. */
export function runErrand(
  { fleet }: HostsScene,
  name: string,
  errand: string,
  limits = { timeoutSeconds: 30, outputLimitBytes: 1_000_000 },
  command = "",
): Promise<CommandResult> {
  return runOnHost(accessOf(fleet, name, errand), { command, ...limits });
}

/** Runs a shell command on the host, past sshd, without time passing. */
export function runAsRoot(
  scene: HostsScene,
  name: string,
  command: string,
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const { root } = scene.host(name);
  const machine = dirname(root);
  const env = { ...machineEnvironment(machine, root), USER: "root" };
  const child = spawn("/bin/sh", ["-c", command], { cwd: root, env });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((resolve) => child.on("close", (status) => resolve({ status, stdout, stderr })));
}
