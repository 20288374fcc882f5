import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2 from "ssh2";
import type { Machine, MachineSpec } from "../../../local/builder/contract.ts";
import { VirtualClock } from "../../../local/clock/virtual-clock.ts";
import { startMachine } from "../../../local/machine/machine.ts";
import { makeSshKey } from "../../../local/machine/ssh-key.ts";

export interface RentedMachine {
  readonly machine: Machine;
  readonly clock: VirtualClock;
  readonly folder: string;
  /** Runs a command as the given user; resolves with what came back. */
  run(command: string, input?: string): Promise<{ status: number; stdout: string; stderr: string }>;
  connect(options?: Partial<ssh2.ConnectConfig>): Promise<ssh2.Client>;
  give(): Promise<void>;
}

/** A machine that has booted, and a client that may log in to it. */
export async function rentMachine(
  changes: Partial<MachineSpec> = {},
  bootSeconds = 300,
): Promise<RentedMachine> {
  const folder = mkdtempSync(join(tmpdir(), "nightshift-machine-"));
  mkdirSync(folder, { recursive: true });
  const clock = new VirtualClock(new Date("2026-11-22T04:00:00Z"));
  const key = makeSshKey("ed25519");
  const spec: MachineSpec = {
    instanceId: "i-0123456789abcdef0",
    region: "us-east-1",
    launchedAt: clock.now(),
    image: { release: "15.1", arch: "amd64", flavour: "builder", filesystem: "ufs" },
    authorizedKey: key.public,
    volumeInitializationRateMibPerSecond: 300,
    folder,
    sshPort: 20_000 + (process.pid % 10_000),
    clock,
    faults: {},
    ...changes,
  };
  const machine = await startMachine(spec);
  await clock.sleep(bootSeconds * 1000);

  const connect = (options: Partial<ssh2.ConnectConfig> = {}) =>
    new Promise<ssh2.Client>((resolve, reject) => {
      const client = new ssh2.Client();
      client.on("ready", () => resolve(client)).on("error", reject);
      client.connect({
        host: machine.address,
        port: spec.sshPort,
        username: "ec2-user",
        privateKey: key.private,
        ...options,
      });
      client.setNoDelay(true);
    });
  return {
    machine,
    clock,
    folder,
    connect,
    run: async (command, input) => {
      const client = await connect();
      try {
        return await execute(client, command, input);
      } finally {
        client.end();
      }
    },
    give: async () => {
      await machine.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function execute(client: ssh2.Client, command: string, input = "") {
  return new Promise<{ status: number; stdout: string; stderr: string }>((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error !== undefined) return reject(error);
      let stdout = "";
      let stderr = "";
      let status = -1;
      channel.on("data", (chunk: Buffer) => {
        stdout += chunk;
      });
      channel.stderr.on("data", (chunk: Buffer) => {
        stderr += chunk;
      });
      channel.on("exit", (code: number) => {
        status = code;
      });
      channel.on("close", () => resolve({ status, stdout, stderr }));
      channel.end(input);
    });
  });
}
