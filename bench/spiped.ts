import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dial, readKey } from "#spiped";
import { median } from "./load-time.ts";
import {
  listen,
  type Maker,
  portOf,
  sendZeros,
  startEncrypting,
  startServer,
  stopAll,
} from "./spiped-programs.ts";

/*
 * Our spiped beside Tarsnap's, client and server in a process each: what one connection carries, how many handshakes a second,
 * and what memory a reader that stops costs. `node bench/spiped.ts`, or as part of `npm run bench`.
 */
const STREAM_BYTES = 400_000_000;
const HANDSHAKES = 400;
const AT_A_TIME = 8;
const ROUNDS = 3;
const PAIRS: [client: Maker, server: Maker][] = [
  ["C", "C"],
  ["ours", "C"],
  ["C", "ours"],
  ["ours", "ours"],
];

const isInstalled = spawnSync("spiped", ["-v"]).error === undefined;
const folder = mkdtempSync(join(tmpdir(), "nightshift-bench-spiped-"));
const keyFile = join(folder, "key");
const bytes = randomBytes(32);
writeFileSync(keyFile, bytes, { mode: 0o600 });
const key = readKey(bytes);
try {
  if (!isInstalled) console.log("spiped is not installed: ours is measured beside nothing");
  await compare("one connection, MB/s (target: 0.7 of C to C)", 0.7, throughput);
  await compare("handshakes per second (target: 0.5 of C to C)", 0.5, handshakes);
  await benchMemory();
} finally {
  stopAll();
  rmSync(folder, { recursive: true, force: true });
}

/** Measures each pair in turn, several times over, so that what else the machine does falls on all of them. */
async function compare(
  title: string,
  share: number,
  measure: (client: Maker, server: Maker) => Promise<number>,
): Promise<void> {
  const pairs = PAIRS.filter((pair) => isInstalled || !pair.includes("C"));
  const results = pairs.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, [client, server]] of pairs.entries()) {
      results[index]?.push(await measure(client, server));
      stopAll();
    }
  }
  console.log(`spiped: ${title}`);
  const first = median(results[0] ?? []);
  for (const [index, [client, server]] of pairs.entries()) {
    const figure = median(results[index] ?? []);
    const ratio = isInstalled ? `  ratio ${(figure / first).toFixed(2)}` : "";
    const missed = isInstalled && figure / first < share ? "  below the target" : "";
    console.log(`  ${`${client} to ${server}`.padEnd(14)} ${figure.toFixed(0).padStart(6)}${ratio}${missed}`);
  }
}

/** MB/s at the target, from the first byte to the last: starting a program is not counted. */
async function throughput(client: Maker, server: Maker): Promise<number> {
  let [received, first, last] = [0, 0, 0];
  const done = Promise.withResolvers<void>();
  const target = await listen((socket) => {
    socket.on("data", (chunk) => {
      last = performance.now();
      if (received === 0) first = last;
      received += chunk.length;
      if (received === STREAM_BYTES) done.resolve();
    });
  });
  const { address } = await startServer(server, target, keyFile);
  sendZeros(client, address, keyFile, STREAM_BYTES);
  await done.promise;
  return received / 1000 / (last - first);
}

/** Connections whose target's one byte arrives, per second. C's client is `spiped -e`, which takes them in this process's stead. */
async function handshakes(client: Maker, server: Maker): Promise<number> {
  const target = await listen((socket: Socket) => void socket.end("!"));
  const { address } = await startServer(server, target, keyFile);
  const plain = client === "C" ? await startEncrypting(address, keyFile) : undefined;
  const one = async () => {
    const stream =
      plain === undefined ? await dial({ target: portOf(address), key }) : connect(portOf(plain));
    await once(stream, "data");
    stream.on("error", () => undefined).end();
    await once(stream.resume(), "close");
  };
  const many = async (count: number) => {
    let left = count;
    const worker = async () => {
      for (; left > 0; left -= 1) await one();
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  };
  await many(50);
  const start = performance.now();
  await many(HANDSHAKES);
  return HANDSHAKES / ((performance.now() - start) / 1000);
}

/** Ten clients push into a target that reads nothing: what our server's memory grows by. */
async function benchMemory(): Promise<void> {
  const target = await listen((socket) => void socket.pause());
  const { address, process: server } = await startServer("ours", target, keyFile);
  const before = residentMib(server.pid);
  const maker = isInstalled ? "C" : "ours";
  for (let client = 0; client < 10; client += 1) sendZeros(maker, address, keyFile, STREAM_BYTES);
  const growths = [];
  for (let look = 0; look < 2; look += 1) {
    await new Promise((wake) => setTimeout(wake, 3000));
    growths.push((residentMib(server.pid) - before).toFixed(0));
  }
  console.log("spiped: ten clients with 400 MB each, and a target that reads nothing");
  console.log(
    `  our server's memory, from ${before.toFixed(0)} MiB on: ${growths.join(", then ")} MiB more\n`,
  );
}

function residentMib(pid: number | undefined): number {
  const [, kib = "0"] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kib) / 1024;
}
