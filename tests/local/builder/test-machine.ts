import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "@jest/globals";
import ssh2 from "ssh2";
import type { Machine, MachineSpec } from "../../../local/builder/contract.ts";
import { startMachine } from "../../../local/builder/machine.ts";
import { makeSshKey, type SshKeyPair, sshFingerprint } from "../../../local/builder/ssh-key.ts";
import { VirtualClock } from "../../../local/clock/virtual-clock.ts";

export const LAUNCHED_AT = new Date("2026-11-01T00:00:00Z");

export const BUILDER = { release: "15.1", arch: "amd64", flavour: "builder", filesystem: "ufs" } as const;

/** How a command over SSH ended. */
export interface Answer {
  readonly status: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface TestMachine {
  readonly machine: Machine;
  readonly clock: VirtualClock;
  readonly folder: string;
  readonly spec: MachineSpec;
  readonly key: SshKeyPair;
  /** Runs a command with the clock held, as a handler does. */
  ssh(command: string, stdin?: string): Promise<Answer>;
  /** A client that has logged in. */
  logIn(login?: { username?: string; privateKey?: string }): Promise<ssh2.Client>;
  /** The fingerprint of the key that sshd presents. */
  presentedKey(): Promise<string>;
  remove(): Promise<void>;
}

/** A test that fails leaves its machine behind; sshd would then keep the whole run alive. */
const leftBehind = new Set<TestMachine>();
afterAll(async () => {
  for (const machine of leftBehind) await machine.remove();
});

/** Starts a machine in a folder of its own. It has not booted yet. */
export async function testMachine(changes: Partial<MachineSpec> = {}): Promise<TestMachine> {
  const folder = mkdtempSync(join(tmpdir(), "nightshift-machine-"));
  const clock = new VirtualClock(LAUNCHED_AT);
  const key = makeSshKey("ed25519");
  const spec: MachineSpec = {
    instanceId: "i-0123456789abcdef0",
    region: "us-east-1",
    launchedAt: LAUNCHED_AT,
    image: BUILDER,
    authorizedKey: key.public,
    volumeInitializationRateMibPerSecond: 300,
    folder,
    sshPort: 20022,
    clock,
    faults: {},
    ...changes,
  };
  const machine = await startMachine(spec);
  const address = { host: machine.address, port: spec.sshPort };
  const logIn: TestMachine["logIn"] = (login) =>
    connect({ ...address, username: "ec2-user", privateKey: key.private, ...login });
  const tested: TestMachine = {
    machine,
    clock,
    folder,
    spec,
    key,
    logIn,
    ssh: (command, stdin = "") =>
      clock.during(async () => {
        const client = await logIn();
        try {
          return await execute(client, command, stdin);
        } finally {
          client.end();
        }
      }),
    presentedKey: () => presentedKey(address),
    remove: async () => {
      leftBehind.delete(tested);
      await machine.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  leftBehind.add(tested);
  return tested;
}

/** A machine that has booted. */
export async function bootedMachine(changes: Partial<MachineSpec> = {}): Promise<TestMachine> {
  const started = await testMachine(changes);
  await started.clock.sleep(1800_000);
  return started;
}

/** Runs a command on a connection. */
export function execute(client: ssh2.Client, command: string, stdin = ""): Promise<Answer> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error !== undefined) return reject(error);
      let stdout = "";
      let stderr = "";
      let ending: Pick<Answer, "status" | "signal"> = { status: undefined, signal: undefined };
      channel.on("data", (chunk: Buffer) => (stdout += chunk));
      channel.stderr.on("data", (chunk: Buffer) => (stderr += chunk));
      channel.on("exit", (status: number | null, signal?: string) => {
        ending = { status: status ?? undefined, signal };
      });
      channel.on("close", () => resolve({ ...ending, stdout, stderr }));
      channel.end(stdin);
    });
  });
}

function connect(config: ssh2.ConnectConfig): Promise<ssh2.Client> {
  const client = new ssh2.Client();
  return new Promise((resolve, reject) => {
    client.on("ready", () => resolve(client));
    client.on("error", reject);
    client.connect(config);
    client.setNoDelay(true);
  });
}

function presentedKey(address: { host: string; port: number }): Promise<string> {
  return new Promise((resolve) => {
    const client = new ssh2.Client();
    client.on("error", () => undefined); // the refusal below
    client.connect({
      ...address,
      username: "nobody",
      hostVerifier: (key: Buffer) => {
        resolve(sshFingerprint(key));
        return false;
      },
    });
  });
}
