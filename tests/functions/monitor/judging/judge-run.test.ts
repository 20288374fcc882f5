import { describe, expect, it } from "@jest/globals";
import type { Monitor } from "#fleet";
import { type Board, EMPTY_BOARD } from "../../../../functions/monitor/board.ts";
import type { CheckResult } from "../../../../functions/monitor/check-result.ts";
import { judgeRun } from "../../../../functions/monitor/judging/judge-run.ts";
import { monitorWith } from "../fakes/shipped-monitor.ts";
import { resultOf } from "./timeline.ts";

const START = Date.UTC(2026, 10, 27, 3, 0);

/** Plays runs, a minute each, given as "www=F mail=G"; answers the boards after each. */
function runs(monitor: Monitor, lines: readonly string[], from: Board = EMPTY_BOARD): Board[] {
  const boards: Board[] = [];
  let board = from;
  const begin = board.slot === undefined ? START : Date.parse(board.slot) + 60_000;
  for (const [index, line] of lines.entries()) {
    const results = new Map<string, CheckResult>(
      line.split(" ").map((word) => {
        const [name = "", letter = "G"] = word.split("=");
        return [name, resultOf(letter)];
      }),
    );
    board = { ...judgeRun(board, monitor, results, new Date(begin + index * 60_000)) };
    boards.push(board);
    board = { ...board, pending: [] }; // carried out
  }
  return boards;
}

function effectsOf(boards: readonly Board[]): string[] {
  return boards.flatMap(({ pending }, index) =>
    pending.flatMap((effect) => {
      if (effect.kind === "shelve") return [];
      return [
        `${index}: ${effect.kind} ${effect.incident}${effect.kind === "open" ? ` ${effect.check} ${effect.cause}` : ""}`,
      ];
    }),
  );
}

const TWO = monitorWith(`
www: { kind: http, url: "https://www.example.org/" }
mail: { kind: smtp, address: "mail.example.org:587" }
`);

describe("a run", () => {
  it("numbers incidents in order, and ends each once", () => {
    const boards = runs(TWO, [
      "www=F mail=G",
      "www=F mail=F",
      "www=F mail=F",
      "www=G mail=F",
      "www=G mail=F",
      "www=G mail=G",
    ]);
    expect(effectsOf(boards)).toEqual(["2: open 1 www failing", "3: open 2 mail failing", "4: recover 1"]);
    expect(boards.at(-1)).toMatchObject({ nextIncident: 3, revision: 6, slot: "2026-11-27T03:05:00.000Z" });
  });

  it("is judged the same when it is judged again", () => {
    const [, , third] = runs(TWO, ["www=F mail=G", "www=F mail=G", "www=F mail=G"]);
    const [, second] = runs(TWO, ["www=F mail=G", "www=F mail=G"]);
    const again = runs(TWO, ["www=F mail=G"], { ...(second as Board), pending: [] });
    expect(again).toEqual([third]);
  });

  it("knows no check before its first result, whatever its name is", () => {
    const odd = monitorWith(`
constructor: { kind: tcp, address: "a:1" }
child: { kind: tcp, address: "a:2", parent: constructor }
`);
    const boards = runs(odd, [
      "child=G",
      "constructor=F child=F",
      "constructor=F child=F",
      "constructor=F child=F",
    ]);
    expect(effectsOf(boards)).toEqual(["3: open 1 constructor failing"]);
    expect(boards[3]?.checks.child).toMatchObject({ silence: "parent", failures: 0 });
  });

  it("keeps what is not due as it was", () => {
    const boards = runs(TWO, ["www=G mail=F", "www=G"]);
    expect(boards[1]?.checks.mail).toEqual(boards[0]?.checks.mail);
  });

  it("keeps the hour's results in words, and shelves them when the hour has ended", () => {
    const late = { ...EMPTY_BOARD, slot: new Date(START + 57 * 60_000).toISOString() };
    const boards = runs(TWO, ["www=G mail=F", "www=T mail=G", "www=G mail=G"], late);
    expect(boards[0]).toMatchObject({ hour: "2026-11-27T03", results: { www: "58g10", mail: "58f10" } });
    expect(boards[2]).toMatchObject({
      hour: "2026-11-27T04",
      results: { www: "0g10", mail: "0g10" },
      pending: [
        { kind: "shelve", hour: "2026-11-27T03", results: { www: "58g10 59t10", mail: "58f10 59g10" } },
      ],
    });
  });

  it("says of an alarm since when it fails, and whether it may wake people", () => {
    const minor = monitorWith(`www: { kind: http, url: "https://www.example.org/", critical: false }`);
    const boards = [TWO, minor].map((monitor) => runs(monitor, ["www=G", "www=F", "www=F", "www=F"])[3]);
    const alarm = { since: "2026-11-27T03:01:00.000Z", at: "2026-11-27T03:03:00.000Z", reason: "failed" };
    expect(boards.map((board) => board?.pending)).toMatchObject([
      [{ ...alarm, isCritical: true }],
      [{ ...alarm, isCritical: false }],
    ]);
  });

  it("carries on what an earlier run left pending", () => {
    const left = { kind: "recover", incident: 7, at: "2026-11-27T02:00:00.000Z", reason: "" } as const;
    const [board] = [judgeRun({ ...EMPTY_BOARD, pending: [left] }, TWO, new Map(), new Date(START))];
    expect(board?.pending).toEqual([left]);
  });

  it("closes the incident of a check that is watched no more", () => {
    const boards = runs(TWO, ["www=F mail=G", "www=F mail=G", "www=F mail=G"]);
    const onlyMail = monitorWith(`mail: { kind: smtp, address: "mail.example.org:587" }`);
    const [after] = runs(onlyMail, ["mail=G"], { ...(boards[2] as Board), pending: [] });
    expect(after?.pending).toEqual([
      { kind: "recover", incident: 1, at: "2026-11-27T03:03:00.000Z", reason: "is not watched any more" },
    ]);
    expect(Object.keys(after?.checks ?? {})).toEqual(["mail"]);
  });

  it("has nothing to close where there was no incident", () => {
    const [board] = runs(TWO, ["www=F mail=G"]);
    const onlyMail = monitorWith(`mail: { kind: smtp, address: "mail.example.org:587" }`);
    expect(runs(onlyMail, ["mail=G"], board)[0]?.pending).toEqual([]);
  });
});

it("a check that cannot decide says so, rather than how it was last", () => {
  const lines = Array.from({ length: 8 }, (_, index) => `www=${index % 2 === 0 ? "G" : "F"} mail=G`);
  const opened = runs(TWO, lines).flatMap(({ pending }) => pending);
  expect(opened).toMatchObject([
    { kind: "open", cause: "flapping", reason: "came and went 6 times in its last 7 results" },
  ]);
});

describe("parents", () => {
  const family = monitorWith(`
grandchild: { kind: tcp, address: "a:2", parent: child }
child: { kind: tcp, address: "a:1", parent: host }
host: { kind: ping, address: "a:8022", failuresBeforeAlarm: 5 }
`);

  it("one incident for a host that is gone, even though its children would alarm sooner", () => {
    const down = Array.from({ length: 6 }, () => "grandchild=F child=F host=F");
    const boards = runs(family, down);
    expect(effectsOf(boards)).toEqual(["4: open 1 host failing"]);
    expect(boards[5]?.checks).toMatchObject({
      child: { silence: "parent" },
      grandchild: { silence: "parent" },
    });
  });

  it("a child that is down by itself is an incident of its own", () => {
    const boards = runs(family, [
      "grandchild=G child=F host=G",
      "grandchild=G child=F host=G",
      "grandchild=G child=F host=G",
    ]);
    expect(effectsOf(boards)).toEqual(["2: open 1 child failing"]);
  });

  it("what happens under a failing parent counts in the figures: it was not there, whoever is to blame", () => {
    const [board] = runs(family, ["grandchild=F child=F host=F"]);
    expect(board?.results).toEqual({ host: "0f10", child: "0f10", grandchild: "0f10" });
  });
});

describe("the monitor itself", () => {
  const monitor = monitorWith(`
www: { kind: http, url: "https://www.example.org/", failuresBeforeAlarm: 1 }
far: { kind: http, url: "https://far.example.net/", northStar: true, failuresBeforeAlarm: 1 }
farther: { kind: dns, name: "example.com", northStar: true, failuresBeforeAlarm: 1 }
job: { kind: heartbeat, withinMinutes: 60, failuresBeforeAlarm: 1 }
`);

  it("when all north stars are gone it is one incident, about the monitor, and none about anything else", () => {
    const out = "www=F far=F farther=T job=G";
    const boards = runs(monitor, [
      out,
      out,
      out,
      "www=G far=G farther=G job=G",
      "www=G far=G farther=G job=G",
    ]);
    expect(effectsOf(boards)).toEqual(["2: open 1 monitor impaired", "4: recover 1"]);
  });

  it("its own incident wakes everybody, and says how many are gone", () => {
    const out = "www=G far=F farther=T job=G";
    expect(runs(monitor, [out, out, out])[2]?.pending).toMatchObject([
      { check: "monitor", isCritical: true, reason: "none of 2 distant services answers" },
    ]);
  });

  it("one whose north stars are not due in this run judges by what they said last", () => {
    const boards = runs(monitor, ["www=G far=F farther=F job=G", "www=F job=G"]);
    expect(effectsOf(boards)).toEqual([]);
    expect(boards[1]?.checks.www).toMatchObject({ silence: "impaired" });
    const well = runs(monitor, ["www=G far=G farther=F job=G", "www=F job=G"]);
    expect(effectsOf(well)).toContain("1: open 2 www failing");
  });

  it("one whose north stars have said nothing yet is not impaired", () => {
    const [board] = runs(monitor, ["www=F job=G"]);
    expect(board?.checks).toMatchObject({ monitor: { phase: "good" }, www: { incident: 1 } });
  });

  it("one north star that answers is enough to believe the others", () => {
    expect(effectsOf(runs(monitor, ["www=F far=G farther=F job=G"]))).toEqual([
      "0: open 1 www failing",
      "0: open 2 farther failing",
    ]);
  });

  it("heartbeats come in by themselves, and are believed all the same", () => {
    expect(effectsOf(runs(monitor, ["www=F far=F farther=F job=F"]))).toEqual(["0: open 1 job failing"]);
  });

  it("that is impaired at the start of an outage does not make it an alarm when it can see again", () => {
    const boards = runs(monitor, ["www=F far=F farther=F job=G", "www=G far=G farther=G job=G"]);
    expect(effectsOf(boards)).toEqual([]);
  });
});

describe("maintenance", () => {
  it("covers heartbeats, too, and ends", () => {
    const monitor = monitorWith(
      "job: { kind: heartbeat, withinMinutes: 60, failuresBeforeAlarm: 1 }",
      'maintenance:\n  - { every: day, at: "03:00", minutes: 2, checks: [job] }',
    );
    expect(effectsOf(runs(monitor, ["job=F", "job=F", "job=F"]))).toEqual(["2: open 1 job failing"]);
  });
});
