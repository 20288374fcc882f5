import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { type Address, writeAddress } from "#spiped";

/** Why spiped's own programs cannot be run here; undefined when they can. */
export function whyNoSpiped(): string | undefined {
  const missing = ["spiped", "spipe"].filter((program) => spawnSync(program, ["-v"]).error !== undefined);
  return missing.length > 0 ? `${missing.join(" and ")} of Debian's package spiped not installed` : undefined;
}

/** A port of loopback that was free just now: spiped cannot choose one by itself. */
export async function freeAddress(): Promise<{ host: string; port: number }> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === "string") throw new Error("no port");
  return { host: "127.0.0.1", port: address.port };
}

/** spiped as it was started; stop it by its process. */
export interface RealSpiped {
  readonly address: Address;
  stop(): Promise<void>;
}

/**
 * Starts Debian's spiped in the foreground: mode "-d" serves as the encrypted end, "-e" takes plain connections. Resolves when it
 * listens. Each look at that is a connection, which `-d` passes on to its target.
 */
export async function startSpiped(
  mode: "-d" | "-e",
  source: Address,
  target: Address,
  keyFile: string,
  ...flags: string[]
): Promise<RealSpiped> {
  const [from, to] = [bracketed(source), bracketed(target)];
  const child = spawn("spiped", ["-F", mode, "-s", from, "-t", to, "-k", keyFile, ...flags], {
    stdio: "ignore",
  });
  await untilListening(source, child);
  return {
    address: source,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL"); // SIGTERM would wait for the last connection
      await once(child, "exit");
    },
  };
}

/** An address as spiped takes it without asking a name server. */
export function bracketed(address: Address): string {
  return "path" in address ? address.path : writeAddress(address).replace(/^([\d.]+):/, "[$1]:");
}

async function untilListening(address: Address, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`spiped ended with ${child.exitCode}`);
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = connect(address, () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => resolve(false));
    });
    if (isUp) return;
    await new Promise((wake) => setTimeout(wake, 25));
  }
  throw new Error(`spiped does not listen on ${writeAddress(address)}`);
}
