import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import type { MonitorBooks } from "../../../cli/deployed/monitor-books.ts";
import type { Deps } from "../../../cli/deps.ts";
import { OperatorError } from "../../../cli/operator-error.ts";
import { type Board, type CheckState, EMPTY_BOARD } from "../../../functions/monitor/board.ts";
import { fakeBoard } from "../../functions/monitor/fakes/fake-board.ts";
import { fakeHistory } from "../../functions/monitor/fakes/fake-history.ts";
import { fakeIncidents } from "../../functions/monitor/fakes/fake-incidents.ts";
import { SHIPPED } from "../../layers/fleet/fleet-text.ts";
import { fakeDeps, nightshift, temporaryProject } from "../fixtures/fake-deps.ts";
import { recorder, screen } from "../fixtures/outputs.ts";

const root = temporaryProject();
afterAll(() => rmSync(root, { recursive: true }));

/** The minute of fakeDeps. */
const SLOT = "2026-11-22T04:00:00.000Z";

function state(change: Partial<CheckState> = {}): CheckState {
  return {
    phase: "good",
    since: "2026-11-20T04:00:00.000Z",
    failures: 0,
    successes: 9,
    changes: "",
    isFlapping: false,
    silence: undefined,
    incident: undefined,
    last: { verdict: "GOOD", milliseconds: 45, reason: "200 OK in 45 ms", at: SLOT },
    ...change,
  };
}

const MAIL_DOWN = state({
  phase: "alarm",
  since: "2026-11-22T03:46:00.000Z",
  failures: 14,
  successes: 0,
  incident: 12,
  last: { verdict: "FAILED", milliseconds: 3, reason: "connection refused", at: SLOT },
});

/** A deployed monitor's books, with a board on them. */
async function booksWith(
  change: Partial<Board>,
): Promise<MonitorBooks & { readonly replace: (next: Partial<Board>) => Promise<void> }> {
  const [board, incidents, history] = [fakeBoard(), fakeIncidents(), fakeHistory()];
  let revision = 0;
  const replace = async (next: Partial<Board>) => {
    revision += 1;
    await board.replace({ ...EMPTY_BOARD, slot: SLOT, hour: "2026-11-22T04", ...next, revision });
  };
  await replace(change);
  await history.shelve("2026-11-22T03", { www: "58g50 59t10000" });
  await incidents.open({
    number: 12,
    check: "mail",
    cause: "failing",
    openedAt: new Date("2026-11-22T03:48:00Z"),
    since: new Date("2026-11-22T03:48:00Z"),
    reason: "connection refused",
    isCritical: true,
  });
  return { board, incidents, history, replace };
}

const GOOD = { checks: { www: state(), mail: state() } };
const BAD = { checks: { www: state(), mail: MAIL_DOWN } };

function run(books: MonitorBooks, line = "monitor", more: Partial<Deps> = {}) {
  return nightshift(fakeDeps(root, { loadMonitor: async () => books, ...more }), ...line.split(" "));
}

describe("nightshift monitor, once", () => {
  test("all good: the table, and status 0", async () => {
    const regions: string[] = [];
    const books = await booksWith(GOOD);
    const loadMonitor = async (region: string, stage: string) => {
      regions.push(`${stage} in ${region}`);
      return books;
    };
    const { out, err, status } = await run(books, "monitor", { loadMonitor });
    expect(out).toMatch(/^ {2}check +state +since +last/);
    expect(out).toMatch(/^. www +\S+ +2 d +45 ms/m);
    expect(out).not.toContain("Incident");
    expect(out).not.toContain("\u001b"); // for a pipe
    expect([err, status, regions]).toEqual(["", 0, ["prod in us-west-2"]]);
  });

  test("an incident is open: it is told, and the status is 3", async () => {
    const { out, status } = await run(await booksWith(BAD), "monitor --once");
    expect(out).toContain("connection refused");
    expect(out).toContain("Incident 12");
    expect(out).toContain("nightshift ack 12");
    expect(status).toBe(3);
  });

  test("the monitor stands still: what it said last is no news, and the status is 3", async () => {
    const { out, status } = await run(await booksWith({ ...GOOD, slot: "2026-11-22T03:50:00.000Z" }));
    expect(out).toContain("THE LAST RUN WAS AT");
    expect(status).toBe(3);
  });

  test.each([
    ["2026-11-22T03:58:00.000Z", 0, "a run or two may be late"],
    ["2026-11-22T03:57:00.000Z", 3, "more may not"],
  ])("the last run at %s gives %i", async (slot, expected) => {
    expect((await run(await booksWith({ ...GOOD, slot }))).status).toBe(expected);
  });

  test("an incident that is not recorded yet counts all the same", async () => {
    const books = await booksWith({ checks: { www: state({ ...MAIL_DOWN, incident: 13 }) } });
    const { out, status } = await run(books);
    expect(out).not.toContain("Incident 13");
    expect(status).toBe(3);
  });

  test("the hour before is drawn as well: from history, or from a board that has not shelved it yet", async () => {
    const www = async (change: Partial<Board>) => {
      const { out } = await run(await booksWith({ ...GOOD, results: { www: "0g40" }, ...change }));
      return /^. www .*$/m.exec(out)?.[0];
    };
    const shelved = await www({});
    const pending = await www({
      pending: [{ kind: "shelve", hour: "2026-11-22T03", results: { www: "58t10000 59t10000" } }],
    });
    const none = await www({ hour: undefined });
    expect(new Set([shelved, pending, none]).size).toBe(3);
  });

  test("--json is one document for programs", async () => {
    const { out, status } = await run(await booksWith(BAD), "monitor --json --stage test");
    expect(JSON.parse(out)).toMatchObject({
      stage: "test",
      region: "us-west-2",
      measuredAt: SLOT,
      hasStopped: false,
      isGood: false,
      checks: { www: { phase: "good" }, mail: { phase: "alarm", incident: 12 } },
      incidents: [{ number: 12, reason: "connection refused", openedAt: "2026-11-22T03:48:00.000Z" }],
    });
    expect(status).toBe(3);
  });
});

describe("nightshift monitor, in a terminal", () => {
  /** Runs it; `steps` happen one after another, each when so many seconds were slept. The last one is Ctrl-C. */
  async function live(
    books: MonitorBooks,
    steps: (() => Promise<unknown>)[],
    line = "monitor --every 2",
    rows = 40,
  ) {
    const out = Object.assign(recorder({ isTTY: true, columns: 100 }), { rows });
    const writes: string[] = [];
    const write = (text: string) => {
      writes.push(text);
      return out.write(text);
    };
    let slept = 0;
    const deps = fakeDeps(root, {
      loadMonitor: async () => books,
      out: { ...out, write },
      environment: { LANG: "C.UTF-8", TERM: "xterm" },
      sleep: async (milliseconds) => {
        slept += milliseconds;
        if (slept < 2000) return;
        slept = 0;
        const step = steps.shift();
        if (step === undefined) deps.signals.emit("SIGINT");
        else await step();
      },
    });
    const { err, status } = await nightshift(deps, ...line.split(" "));
    return { writes, shown: screen(writes), err, status, listeners: deps.signals.listenerCount("SIGINT") };
  }

  test("draws in place until Ctrl-C: the last table stays, the cursor comes back, status 0", async () => {
    const books = await booksWith(GOOD);
    const { writes, shown, err, status, listeners } = await live(books, [
      () => books.replace(BAD),
      async () => undefined,
    ]);
    expect(writes).toHaveLength(4); // three tables, and the cursor
    expect(writes[0]?.startsWith("\u001b[?25l")).toBe(true);
    expect(writes.at(-1)).toBe("\u001b[?25h");
    expect(shown.filter((line) => line.startsWith("  check"))).toHaveLength(1);
    expect(shown.join("\n")).toContain("Incident 12");
    expect(err).toBe("\nStopped looking. The monitor goes on.\n");
    expect([status, listeners]).toEqual([0, 0]);
  });

  test("a read that fails leaves the table, and a line that says so until it is read again", async () => {
    const books = await booksWith(BAD);
    let isBroken = false;
    const read = async () => {
      if (isBroken)
        throw new OperatorError(`AWS in us-west-2 cannot be reached: ${"x".repeat(200)}\nsecond line`);
      return books.board.read();
    };
    const broken = await live({ ...books, board: { read } }, [async () => (isBroken = true)]);
    expect(broken.shown.filter((line) => line.includes("It cannot be read at present"))).toHaveLength(1);
    expect(broken.shown.every((line) => line.length < 100)).toBe(true); // else the next table is drawn in the wrong place
    expect(broken.shown.join("\n")).toContain("Incident 12");
    isBroken = false;
    const mended = await live({ ...books, board: { read } }, [
      async () => (isBroken = true),
      async () => (isBroken = false),
    ]);
    expect(mended.shown.join("\n")).not.toContain("cannot be read");
    expect(mended.status).toBe(0);
  });

  test("Ctrl-C does not wait for a read that hangs", async () => {
    const books = await booksWith(GOOD);
    let reads = 0;
    const deps: { interrupt?: () => void } = {};
    const read = () => {
      reads += 1;
      if (reads === 1) return books.board.read();
      setImmediate(() => deps.interrupt?.());
      return new Promise<Board>(() => undefined);
    };
    const fake = fakeDeps(root, {
      loadMonitor: async () => ({ ...books, board: { read } }),
      out: recorder({ isTTY: true, columns: 100 }),
    });
    deps.interrupt = () => void fake.signals.emit("SIGINT");
    expect((await nightshift(fake, "monitor")).status).toBe(0);
  });

  test("a terminal that is too low shows the heading, and the end, which says what is wrong", async () => {
    const { shown } = await live(await booksWith(BAD), [], "monitor --every 2", 10);
    const lines = shown.filter((line) => line !== "");
    expect(shown.length).toBeLessThanOrEqual(10);
    expect(lines[0]).toMatch(/^ {2}check/);
    expect(lines[1]).toBe("...");
    expect(lines.join("\n")).toContain("Incident 12");
  });

  test("where nobody wants control characters, it is printed once", async () => {
    const out = recorder({ isTTY: true, columns: 100 });
    const deps = fakeDeps(root, { loadMonitor: () => booksWith(GOOD), out, environment: { CI: "true" } });
    await nightshift(deps, "monitor");
    expect(out.text()).not.toContain("\u001b");
  });
});

describe("what cannot be shown is said, with what to do", () => {
  test.each([
    [
      { slot: undefined },
      "monitor",
      "the monitor has not run yet\nIt runs every minute once it is deployed.",
    ],
    [GOOD, "monitor --every 0", "--every 0 is no number of seconds"],
    [GOOD, "monitor --every soon", "It is a number from 1 to 3600."],
    [GOOD, "monitor --fleet /nowhere.yml", "there is no such file"],
  ])("%j, %s", async (board, line, says) => {
    const { out, err, status } = await run(await booksWith(board), line);
    expect(err).toContain(says);
    expect([out, status]).toEqual(["", 1]);
  });

  test("a stage that is not deployed, and credentials that there are not", async () => {
    const books = await booksWith(GOOD);
    const read = () => Promise.reject(new OperatorError("no AWS credentials found", "Set AWS_PROFILE"));
    const { err, status } = await run({ ...books, board: { read } });
    expect(err).toBe("nightshift: no AWS credentials found\nSet AWS_PROFILE\n");
    expect(status).toBe(1);
  });

  test("a fleet in which nothing is watched", async () => {
    const fleet = join(root, "unwatched.yml");
    writeFileSync(fleet, SHIPPED.slice(0, SHIPPED.indexOf("monitor:\n")));
    const { err, status } = await run(await booksWith(GOOD), `monitor --fleet ${fleet}`);
    expect(err).toContain("has no section monitor, so nothing is watched");
    expect(status).toBe(1);
  });
});
