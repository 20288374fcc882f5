import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";

const BENCH = import.meta.dirname;

/** Who plays a part: the programs of Tarsnap's spiped, or ours. */
export type Maker = "C" | "ours";

/** What was started, to be ended by `stopAll`. */
const running: { kill(): unknown }[] = [];

/** Ends everything that was started here. */
export function stopAll(): void {
  for (const one of running.splice(0)) one.kill();
}

/** A server on loopback in this process. */
export async function listen(treat: (socket: Socket) => void): Promise<string> {
  const server: Server = createServer((socket) => treat(socket.on("error", () => undefined)));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  running.push({ kill: () => server.close() });
  return `[127.0.0.1]:${(server.address() as AddressInfo).port}`;
}

/** A server end before this target. Returns where it listens, and its process. */
export async function startServer(maker: Maker, target: string, keyFile: string) {
  const source = await freeAddress();
  const argv = [join(BENCH, "spiped-server.ts"), source, target, keyFile];
  const child =
    maker === "ours"
      ? spawn(process.execPath, argv, { stdio: "ignore" })
      : spawn("spiped", ["-F", "-d", "-s", source, "-t", target, "-k", keyFile], { stdio: "ignore" });
  await untilListening(source, child);
  return { address: source, process: child };
}

/** `spiped -e` before this server. Returns where it takes plain connections. */
export async function startEncrypting(server: string, keyFile: string): Promise<string> {
  const source = await freeAddress();
  const child = spawn("spiped", ["-F", "-e", "-s", source, "-t", server, "-k", keyFile], { stdio: "ignore" });
  await untilListening(source, child);
  return source;
}

/** Sends so many zeros through spipe, or through our command. */
export function sendZeros(maker: Maker, server: string, keyFile: string, bytes: number): ChildProcess {
  const zeros = spawn("head", ["-c", String(bytes), "/dev/zero"], { stdio: ["ignore", "pipe", "ignore"] });
  const argv = ["-t", server, "-k", keyFile];
  const command = join(BENCH, "../cli/nightshift.js");
  const stdio = [zeros.stdout, "ignore", "ignore"] as const;
  const child =
    maker === "ours"
      ? spawn(process.execPath, [command, "spipe", ...argv], { stdio: [...stdio] })
      : spawn("spipe", argv, { stdio: [...stdio] });
  running.push(zeros, child);
  return child;
}

/** Host and port of "[127.0.0.1]:25". */
export function portOf(address: string): { host: string; port: number } {
  return { host: "127.0.0.1", port: Number(address.slice(address.lastIndexOf(":") + 1)) };
}

async function freeAddress(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return `[127.0.0.1]:${port}`;
}

async function untilListening(address: string, child: ChildProcess): Promise<void> {
  running.push({ kill: () => child.kill("SIGKILL") });
  for (let attempt = 0; attempt < 400; attempt += 1) {
    const socket = connect(portOf(address)).on("error", () => undefined);
    const isUp = await Promise.race([
      once(socket, "connect").then(() => true),
      once(socket, "close").then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (isUp) return;
    await new Promise((wake) => setTimeout(wake, 25));
  }
  throw new Error(`nobody listens on ${address}`);
}
