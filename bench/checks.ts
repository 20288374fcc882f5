import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import type { Check } from "#fleet";
import { measureAll } from "../functions/monitor/adapters/measurer.ts";
import type { Surroundings } from "../functions/monitor/ports.ts";
import { CheckSchema } from "../layers/fleet/checks.ts";
import { median } from "./load-time.ts";

/*
 * How many checks one run measures in a second: half of them connections with a banner, half of them pages, of servers on
 * loopback; beside plain loops over net.connect and fetch that do the same and judge nothing, with as many at once.
 */
const CHECKS = 200;
const CONCURRENCY = 25;
const ROUNDS = 7;
const GREETING = "220 hello\r\n";

const greeter = await listen(
  createServer((socket) => void socket.on("error", () => undefined).end(GREETING)),
);
const web = await listen(createHttpServer((_, response) => void response.end("hello")));
const nothing = () => Promise.reject(new Error("nobody asks for that here"));
const surroundings: Surroundings = {
  now: new Date(),
  key: nothing,
  otherKeys: nothing,
  sshKey: nothing,
  beats: nothing,
  executions: nothing,
  balance: nothing,
};
const tcp = CheckSchema.parse({ kind: "tcp", address: `127.0.0.1:${greeter.port}`, expect: "^220 " });
const http = CheckSchema.parse({ kind: "http", url: `http://127.0.0.1:${web.port}/`, contains: "hello" });
const checks: Record<string, Check> = {};
for (let index = 0; index < CHECKS; index += 1) checks[`check-${index}`] = index % 2 === 0 ? tcp : http;

try {
  const ours: number[] = [];
  const peer: number[] = [];
  // In turn, and once each for nothing: whoever is first pays for what is compiled then.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const results = [await perSecond(measure), await perSecond(loop)];
    if (round === 0) continue;
    ours.push(results[0] ?? 0);
    peer.push(results[1] ?? 0);
  }
  report(median(ours), median(peer));
} finally {
  greeter.server.close();
  web.server.close();
}

async function listen(server: Server): Promise<{ server: Server; port: number }> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

async function perSecond(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return CHECKS / ((performance.now() - start) / 1000);
}

async function measure(): Promise<void> {
  const results = await measureAll(checks, surroundings, { concurrency: CONCURRENCY });
  const bad = [...results.values()].find(({ verdict }) => verdict !== "GOOD");
  if (bad !== undefined || results.size !== CHECKS) throw new Error(`a check is not good: ${bad?.reason}`);
}

async function loop(): Promise<void> {
  const waiting = Array.from({ length: CHECKS }, (_, index) => (index % 2 === 0 ? banner : page));
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await next();
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
}

function banner(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(greeter.port, "127.0.0.1");
    socket.once("error", reject).once("data", () => {
      socket.destroy();
      resolve();
    });
  });
}

async function page(): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${web.port}/`, { headers: { connection: "close" } });
  await answer.text();
}

function report(ours: number, peer: number): void {
  console.log(
    `checks: ${CHECKS} on loopback, half banners, half pages, ${CONCURRENCY} at once (median of ${ROUNDS})`,
  );
  console.log(`  measured and judged                    ${ours.toFixed(0).padStart(6)} a second`);
  console.log(`  plain net.connect and fetch, not judged ${peer.toFixed(0).padStart(5)} a second`);
  console.log(`  ratio ${(ours / peer).toFixed(2)}\n`);
}
