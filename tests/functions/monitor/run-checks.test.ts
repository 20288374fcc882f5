import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { WITHIN_SECONDS } from "../../../functions/monitor/adapters/measurer.ts";
import type { Board } from "../../../functions/monitor/board.ts";
import type { CheckResult } from "../../../functions/monitor/check-result.ts";
import type { BoardStore, Escalations, Shelf } from "../../../functions/monitor/ports.ts";
import {
  type Desk,
  dueChecks,
  RETEST_AFTER_MILLISECONDS,
  runChecks,
} from "../../../functions/monitor/run-checks.ts";
import { entriesOf } from "../../../infra/compile.ts";
import { listFunctions } from "../../../infra/function-name.ts";
import { VirtualClock } from "../../../local/clock/virtual-clock.ts";
import { fakeBoard } from "./fakes/fake-board.ts";
import { fakeIncidents } from "./fakes/fake-incidents.ts";
import { monitorWith } from "./fakes/shipped-monitor.ts";
import { resultOf } from "./judging/timeline.ts";

const ROOT = join(import.meta.dirname, "../../..");

/** Two parameters of a check are read, one after the other, before its time runs (adapters/ssm-pipe-keys.ts). */
const SECRETS_SECONDS = 2 * 3;

const START = Date.UTC(2026, 10, 27, 3, 0);
const monitor = monitorWith(`www: { kind: http, url: "https://www.example.org/" }`);

/** A watch whose check answers what `letters` say, one letter per measurement. */
function watch(letters = "") {
  const clock = new VirtualClock(new Date(START));
  const store = fakeBoard();
  const incidents = fakeIncidents();
  const started: string[] = [];
  const shelved: string[] = [];
  const measured: string[] = [];
  const published: string[] = [];
  const told: string[] = [];
  let rest = [...letters];
  const escalations: Escalations = {
    start: async (incident, about) => {
      if (!started.includes(`${incident} ${about}`)) started.push(`${incident} ${about}`);
    },
  };
  const shelf: Shelf = {
    shelve: async (hour) => {
      shelved.push(hour);
    },
  };
  const measurer = {
    measure: async (names: readonly string[]) => {
      measured.push(`${new Date(clock.now()).toISOString().slice(14, 19)} ${names}`);
      const [letter = "G"] = rest.splice(0, 1);
      return new Map<string, CheckResult>(names.map((name) => [name, resultOf(letter)]));
    },
  };
  const publish = async () => {
    published.push((await store.read()).slot ?? "");
  };
  const outside = { tell: async () => void told.push("alive") };
  const desk: Desk = { monitor, board: store, incidents, escalations, shelf, measurer, publish, outside };
  const run = (minute: number, over: Partial<Desk> = {}) =>
    runChecks(new Date(START + minute * 60_000), { ...desk, ...over }, clock);
  return {
    run,
    desk,
    store,
    incidents,
    started,
    shelved,
    measured,
    published,
    told,
    clock,
    say: (more: string) => {
      rest = [...more];
    },
  };
}

describe("a run", () => {
  it("measures what failed once more, after a moment, and believes the second", async () => {
    const { run, measured, store } = watch("FG");
    expect(await run(0)).toMatchObject({ measured: 1, notGood: [] });
    expect(measured).toEqual(["00:00 www", "00:02 www"]);
    expect((await store.read()).checks.www).toMatchObject({ phase: "good", failures: 0 });
  });

  it("measures what is due, and of that only what failed once more", async () => {
    const { run, desk, measured } = watch();
    const two = monitorWith(`
www: { kind: http, url: "https://www.example.org/" }
mail: { kind: tcp, address: "a:1" }
hourly: { kind: tcp, address: "a:2", everyMinutes: 60 }
`);
    const measure = async (names: readonly string[]) => {
      measured.push(names.join(" "));
      return new Map(names.map((name) => [name, resultOf(name === "mail" ? "F" : "G")]));
    };
    expect(await run(1, { ...desk, monitor: two, measurer: { measure } })).toMatchObject({
      measured: 2,
      notGood: ["mail"],
    });
    expect(measured).toEqual(["www mail", "mail"]);
  });

  it("is of a minute, whatever the second in which it was started", async () => {
    const { run, store } = watch();
    expect(await run(0.7)).toMatchObject({ slot: "2026-11-27T03:00:00.000Z" });
    expect((await store.read()).slot).toBe("2026-11-27T03:00:00.000Z");
    expect(await run(0.9)).toMatchObject({ superseded: true });
  });

  it("writes the board once", async () => {
    const { run, store } = watch();
    await run(0);
    await run(1);
    expect(store.writes).toBe(2);
  });

  it("opens an incident, starts its escalation, and takes both off the board", async () => {
    const { run, incidents, started, store } = watch("FFFFFF");
    for (const minute of [0, 1, 2]) await run(minute);
    expect(await incidents.read(1)).toMatchObject({
      ...{ check: "www", cause: "failing", reason: "failed", isCritical: true },
      ...{ since: new Date(START), openedAt: new Date(START + 2 * 60_000) },
    });
    expect(started).toEqual(["1 open"]);
    expect((await store.read()).pending).toEqual([]);
  });

  it("and ends it", async () => {
    const { run, incidents, started } = watch("FFFFFFGG");
    for (const minute of [0, 1, 2, 3, 4]) await run(minute);
    expect((await incidents.read(1))?.recoveredAt).toEqual(new Date(START + 4 * 60_000));
    expect(started).toEqual(["1 open", "1 recover"]);
  });

  it("that comes twice is judged once", async () => {
    const { run, store, measured } = watch("FFFFFFFF");
    await run(0);
    expect(await run(0)).toMatchObject({ superseded: true, measured: 0 });
    expect((await store.read()).checks.www?.failures).toBe(1);
    expect(measured).toHaveLength(2); // the second time nothing is measured
  });

  it("that comes late changes nothing any more", async () => {
    const { run, store } = watch("GFF");
    await run(1);
    expect(await run(0)).toMatchObject({ superseded: true });
    expect((await store.read()).slot).toBe("2026-11-27T03:01:00.000Z");
  });
});

describe("who else hears of a run", () => {
  it("the status page is written at every transition, when all of it is on record", async () => {
    const { run, published } = watch("FFFFFFGG");
    for (const minute of [0, 1, 2, 3, 4]) await run(minute);
    expect(published).toEqual(["2026-11-27T03:02:00.000Z", "2026-11-27T03:04:00.000Z"]);
  });

  it("an hour that is shelved is no transition: nobody hears of it", async () => {
    const { run, published, shelved } = watch();
    await run(59);
    expect(await run(60)).toMatchObject({ transitions: 0 });
    expect([shelved, published]).toEqual([["2026-11-27T03"], []]);
  });

  it("the outside hears of every run that was well, and of no other", async () => {
    const { run, told, desk } = watch("GFF");
    await run(0);
    await run(1);
    expect(told).toHaveLength(2);
    await expect(run(2, { board: { ...desk.board, replace: die } })).rejects.toThrow("power");
    expect(told).toHaveLength(2);
  });
});

describe("a run in which nothing answers", () => {
  it("is not killed before it has judged: it measures twice, reads keys, and has something left for the table", () => {
    const entry = entriesOf(ROOT, listFunctions(ROOT)).get("functions/monitor/handlers/run-checks.ts");
    const measuring = 2 * (WITHIN_SECONDS + SECRETS_SECONDS) + RETEST_AFTER_MILLISECONDS / 1000;
    expect(entry?.timeoutSeconds ?? 0).toBeGreaterThan(measuring + 10);
  });
});

describe("two runs at once", () => {
  it("of the same minute alarm once", async () => {
    const { run, started, incidents, store } = watch("FFFFFFFF");
    await run(0);
    await run(1);
    const both = await Promise.all([run(2), run(2)]);
    expect(both.filter(({ superseded }) => superseded)).toHaveLength(1);
    expect(started).toEqual(["1 open"]);
    expect(await incidents.newest(9)).toHaveLength(1);
    expect((await store.read()).checks.www).toMatchObject({ failures: 3, incident: 1 });
  });

  it("a run whose board was replaced judges again upon the new one, and loses no alarm", async () => {
    const { run, desk, started, store } = watch("FFFFFFFFFF");
    await run(0);
    // While the next minute's run measures, another process clears something off the board.
    const contested: BoardStore = {
      read: desk.board.read,
      replace: async (next) => {
        if (next.slot?.slice(14, 16) === "01" && (await store.read()).revision === next.revision - 1) {
          const now = await store.read();
          await store.replace({ ...now, revision: now.revision + 1 });
        }
        return store.replace(next);
      },
    };
    let attempts = 0;
    const once: BoardStore = {
      read: contested.read,
      replace: (next) => (attempts++ === 0 ? contested.replace(next) : store.replace(next)),
    };
    await run(1, { board: once });
    await run(2);
    expect(attempts).toBe(2);
    expect(started).toEqual(["1 open"]);
  });
});

describe("a board that others keep replacing", () => {
  it("is given up after five times, and the next run judges", async () => {
    const { run, desk, store, told } = watch();
    let attempts = 0;
    const replace = async () => {
      attempts += 1;
      const now = await store.read();
      await store.replace({ ...now, revision: now.revision + 1 });
      return false;
    };
    const failing = run(0, { board: { ...desk.board, replace } });
    await expect(failing).rejects.toMatchObject({ name: "BoardContestedError" });
    expect([attempts, told]).toEqual([5, []]);
    expect(await run(1)).toMatchObject({ measured: 1, superseded: false });
  });

  it("by a later minute's run, in which case this one says nothing", async () => {
    const { run, desk, store, started } = watch("FFFF");
    const replace = async () => {
      const now = await store.read();
      await store.replace({ ...now, revision: now.revision + 1, slot: "2026-11-27T03:01:00.000Z" });
      return false;
    };
    expect(await run(0, { board: { ...desk.board, replace } })).toMatchObject({
      superseded: true,
      measured: 0,
    });
    expect(started).toEqual([]);
  });
});

describe("a run that dies", () => {
  const atEffects: [string, (desk: Desk) => Partial<Desk>][] = [
    ["before the incident is on record", ({ incidents }) => ({ incidents: { ...incidents, open: die } })],
    ["before anybody is told", () => ({ escalations: { start: die } })],
    ["before it is off the board", ({ board }) => ({ board: { ...board, replace: onceThenDie(board) } })],
  ];

  it.each(atEffects)("%s leaves it to the next", async (_, broken) => {
    const { run, desk, incidents, started, store } = watch("FFFFFFFF");
    await run(0);
    await run(1);
    await expect(run(2, broken(desk))).rejects.toThrow("power");
    await run(3);
    expect(await incidents.newest(9)).toHaveLength(1);
    expect(started).toEqual(["1 open"]);
    expect((await store.read()).pending).toEqual([]);
  });

  it("the same minute's repeat finishes it as well", async () => {
    const { run, desk, started } = watch("FFFFFF");
    await run(0);
    await run(1);
    await expect(run(2, { escalations: { start: die } })).rejects.toThrow("power");
    expect(await run(2, desk)).toMatchObject({ superseded: true, transitions: 1 });
    expect(started).toEqual(["1 open"]);
  });

  it("one effect that fails keeps no other from being done", async () => {
    const { run, desk, started, store } = watch("FFFFFF");
    await run(58);
    await run(59);
    await expect(run(60, { shelf: { shelve: die } })).rejects.toThrow("power");
    expect(started).toEqual(["1 open"]);
    expect((await store.read()).pending.map(({ kind }) => kind)).toEqual(["shelve"]);
    await run(61, desk);
    expect((await store.read()).pending).toEqual([]);
  });

  it("an incident that is not on record yet is not ended before it is", async () => {
    const { run, desk, incidents, started, store } = watch("FFFFFF");
    for (const minute of [0, 1]) await run(minute);
    const broken = { incidents: { ...incidents, open: die } };
    await expect(run(2, broken)).rejects.toThrow("power");
    await run(3, broken).catch(() => undefined);
    await expect(run(4, broken)).rejects.toThrow("power");
    expect((await store.read()).pending.map(({ kind }) => kind)).toEqual(["open", "recover"]);
    expect(started).toEqual([]);
    await run(5, desk);
    expect(await incidents.read(1)).toMatchObject({
      check: "www",
      recoveredAt: new Date(START + 4 * 60_000),
    });
    expect(started).toEqual(["1 open", "1 recover"]);
  });
});

describe("what is due", () => {
  it.each([
    [0, ["a", "five"]],
    [1, ["a"]],
    [5, ["a", "five"]],
  ])("in minute %i", (minute, expected) => {
    const { checks } = monitorWith(
      `a: { kind: ping, address: "a:1" }\nfive: { kind: ping, address: "a:1", everyMinutes: 5 }`,
    );
    expect(dueChecks(checks, new Date(START + minute * 60_000))).toEqual(expected);
  });
});

async function die(): Promise<never> {
  throw new Error("power");
}

/** The first write is made; after it, nothing. */
function onceThenDie(store: BoardStore): (next: Board) => Promise<boolean> {
  let writes = 0;
  return (next) => (writes++ === 0 ? store.replace(next) : die());
}
