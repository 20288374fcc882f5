import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { useLogOutput } from "#platform";
import { dynamoDbHistory } from "../functions/monitor/adapters/dynamodb-history.ts";
import { monitorTableName } from "../functions/monitor/adapters/monitor-table.ts";
import { EMPTY_BOARD } from "../functions/monitor/board.ts";
import { judgeRun } from "../functions/monitor/judging/judge-run.ts";
import { bucketName, FREEBSD_NOWHERE } from "../local/rehearsal/environment.ts";
import { STAGE, setStage } from "../local/rehearsal/stage.ts";
import { loadedFleet, storyFleet } from "../local/watch/story-fleet.ts";
import { openWatchRoom } from "../local/watch/watch-room.ts";

/*
 * What a month of twenty checks a minute costs at list price, without free tiers: units of DynamoDB and requests of S3 are
 * counted over two hours of a rehearsed watch region with 90 days of history; of Lambda the calls are counted, and the time
 * of each is assumed, since it is the network's. Beside it the price of the peer, CloudWatch Synthetics, per run. And how
 * many checks are judged in a second, beside the least that could be done with a board: reading and writing it as JSON.
 */
const CHECKS = 20;
const MINUTES = 120;
const MONTH_MINUTES = 30 * 24 * 60;
const HISTORY_DAYS = 90;

/** us-west-2, on demand, as of November 2026 (AWS price lists). */
const PRICES = {
  write: 0.625 / 1e6,
  read: 0.125 / 1e6,
  put: 5 / 1e6,
  invocation: 0.2 / 1e6,
  gibSecond: 0.0000133334, // arm64
  schedule: 1 / 1e6,
  canaryRun: 0.0012,
};
/** Assumed of one call: a slow answer from across a continent, and a page that is rendered. */
const ASSUMED_SECONDS = { "run-checks": 1, "publish-status": 0.6, "check-watch": 0.2 };
const MEMORY_GIB = 0.5;

useLogOutput(() => undefined);
const root = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "nightshift-bench-"));
const server = createServer((_, response) => response.end("here"));
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
const checks = Object.fromEntries(
  Array.from({ length: CHECKS }, (_, n) => [`check-${n}`, { kind: "http", url }]),
);
const monitor = { from: "+12065550100", contacts: { colin: { phone: "+16045550101" } }, checks };
const fleetFile = join(folder, "fleet.yml");
writeFileSync(fleetFile, storyFleet(loadedFleet(join(root, "fleet.yml")), monitor));
const time = new Date("2026-11-27T00:00:00.000Z");
const stage = await setStage({ root, fleetFile, folder, time, faults: [] });
const room = await openWatchRoom(stage, root);
try {
  await fillHistory();
  const before = used();
  await room.pass(MINUTES);
  report(difference(used(), before));
  reportJudging();
} finally {
  await room.close();
  await stage.close();
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
}

async function fillHistory(): Promise<void> {
  const history = dynamoDbHistory({
    ...{ stage: STAGE, region: stage.fleet.regions.watch, functionName: "bench", fleetFile: "", sshPort: 22 },
    ...{ bucket: bucketName(STAGE, stage.cloud.accountId, "watch"), twilioUrl: "" },
    ...FREEBSD_NOWHERE,
  });
  const words = Array.from({ length: 60 }, (_, minute) => `${minute}g${40 + ((minute * 7) % 30)}`).join(" ");
  const results = Object.fromEntries(Object.keys(checks).map((name) => [name, words]));
  for (let hour = 1; hour <= HISTORY_DAYS * 24; hour += 1) {
    const at = new Date(time.getTime() - hour * 3_600_000).toISOString().slice(0, 13);
    await history.shelve(at, results);
  }
}

function used() {
  const { write = 0, read = 0 } = stage.cloud.requestUnits()[monitorTableName(STAGE)] ?? {};
  const puts = stage.cloud.calls().filter(({ operation }) => operation === "PutObject").length;
  return { write, read, puts };
}

function difference(
  after: ReturnType<typeof used>,
  before: ReturnType<typeof used>,
): ReturnType<typeof used> {
  return {
    write: after.write - before.write,
    read: after.read - before.read,
    puts: after.puts - before.puts,
  };
}

function report({ write, read, puts }: ReturnType<typeof used>): void {
  const months = MONTH_MINUTES / MINUTES;
  const calls = {
    "run-checks": MONTH_MINUTES,
    "publish-status": MONTH_MINUTES / 5,
    "check-watch": MONTH_MINUTES / 5,
  };
  const total = Object.values(calls).reduce((sum, one) => sum + one, 0);
  const seconds = Object.entries(calls).reduce(
    (sum, [name, count]) => sum + count * ASSUMED_SECONDS[name as keyof typeof calls],
    0,
  );
  const lines: [string, number, string, number][] = [
    ["DynamoDB writes", write * months, "units", PRICES.write],
    ["DynamoDB reads", read * months, "units", PRICES.read],
    ["S3 requests, status page", puts * months, "puts", PRICES.put],
    ["Lambda calls", total, "calls", PRICES.invocation],
    ["Lambda time (assumed)", seconds * MEMORY_GIB, "GiB-s", PRICES.gibSecond],
    ["EventBridge Scheduler", total, "starts", PRICES.schedule],
  ];
  console.log(`watching: ${CHECKS} checks a minute, a month at list price`);
  for (const [what, quantity, unit, price] of lines)
    console.log(
      `  ${what.padEnd(26)} ${Math.round(quantity).toLocaleString("en-US").padStart(10)} ${unit.padEnd(7)} $${(quantity * price).toFixed(3)}`,
    );
  const cost = lines.reduce((sum, [, quantity, , price]) => sum + quantity * price, 0);
  const peer = PRICES.canaryRun * MONTH_MINUTES;
  console.log(`  ${"together".padEnd(45)} $${cost.toFixed(2)}`);
  console.log(
    `  CloudWatch Synthetics, one check a minute      $${peer.toFixed(2)}; twenty: $${(peer * CHECKS).toFixed(0)}`,
  );
  console.log(`  ratio for twenty                               ${(cost / (peer * CHECKS)).toFixed(5)}`);
}

function reportJudging(): void {
  const { monitor: terms } = stage.fleet;
  if (terms === undefined) return;
  const good = { verdict: "GOOD", milliseconds: 45, reason: "200 OK in 45 ms" } as const;
  const results = new Map(Object.keys(terms.checks).map((name) => [name, good]));
  let board = EMPTY_BOARD;
  const runs = 2000;
  const ours = secondsOf(() => {
    for (let run = 0; run < runs; run += 1)
      board = { ...judgeRun(board, terms, results, new Date(time.getTime() + run * 60_000)), pending: [] };
  });
  const peer = secondsOf(() => {
    for (let run = 0; run < runs; run += 1) JSON.parse(JSON.stringify(board));
  });
  console.log(`judging: ${Math.round((runs * CHECKS) / ours).toLocaleString("en-US")} checks a second`);
  console.log(
    `  time of a run's judging, beside reading and writing its board as JSON: ratio ${(ours / peer).toFixed(2)}`,
  );
}

function secondsOf(work: () => void): number {
  const started = performance.now();
  work();
  return (performance.now() - started) / 1000;
}
