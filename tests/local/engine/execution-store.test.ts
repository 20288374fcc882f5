import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import {
  closeExecution,
  listExecutions,
  openExecution,
  readExecution,
  recordEvent,
  type StoredExecution,
} from "../../../local/engine/execution-store.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nightshift-store-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A process id that belongs to nobody: above the highest that Linux gives out. */
const DEAD = 2 ** 22 + 1;

function execution(changes: Partial<StoredExecution> = {}): StoredExecution {
  return {
    name: "run",
    executionArn: "arn:run",
    machine: "ami-build",
    input: { image: "base" },
    status: "RUNNING",
    startDate: "2026-11-22T04:00:00.000Z",
    pid: process.pid,
    ...changes,
  };
}

describe("a name is used once", () => {
  it("takes up an execution whose process died, with the same input", () => {
    openExecution(folder, execution({ pid: DEAD }));
    openExecution(folder, execution());
    expect(listExecutions(folder)).toMatchObject([{ status: "RUNNING", pid: process.pid }]);
  });

  it.each([
    [
      "it died with another input",
      execution({ pid: DEAD }),
      { input: { image: "other" } },
      "died with another input",
    ],
    [
      "it runs in another process",
      execution({ pid: process.ppid }),
      {},
      `is running in process ${process.ppid}`,
    ],
    ["it succeeded", execution({ status: "SUCCEEDED" }), {}, "has ended already (SUCCEEDED)"],
    ["it failed", execution({ status: "FAILED" }), {}, "has ended already (FAILED)"],
  ])("refuses when %s", (_, standing, changes, reason) => {
    openExecution(folder, standing);
    const before = readFileSync(join(folder, "run", "execution.json"), "utf8");
    expect(() => openExecution(folder, execution(changes))).toThrow(reason);
    expect(readFileSync(join(folder, "run", "execution.json"), "utf8")).toBe(before);
  });
});

describe("of processes that find an execution dead at the same time, one takes it up", () => {
  const owner = (number: number, pid: number) =>
    writeFileSync(join(folder, "run", `owner.${number}`), `${pid}\n`);

  it("not the one that comes while another has it, but has not said so in the record yet", () => {
    openExecution(folder, execution({ pid: DEAD }));
    owner(1, process.ppid);
    const before = readFileSync(join(folder, "run", "execution.json"), "utf8");
    expect(() => openExecution(folder, execution())).toThrow(`is running in process ${process.ppid}`);
    expect(readFileSync(join(folder, "run", "execution.json"), "utf8")).toBe(before);
  });

  it("the next one, when that died before it said so", () => {
    openExecution(folder, execution({ pid: DEAD }));
    owner(1, process.ppid); // long dead; its number is another process's now, which must not matter
    owner(2, DEAD);
    openExecution(folder, execution());
    expect(listExecutions(folder)).toMatchObject([{ status: "RUNNING", pid: process.pid }]);
  });

  it("and again, as often as it dies", () => {
    openExecution(folder, execution({ pid: DEAD }));
    for (let times = 0; times < 3; times += 1) {
      openExecution(folder, execution({ pid: DEAD + times }));
      expect(listExecutions(folder)).toMatchObject([{ status: "ABORTED", pid: DEAD + times }]);
    }
  });
});

it("refuses a name whose record somebody damaged, and leaves it for them to look at", () => {
  mkdirSync(join(folder, "run"));
  writeFileSync(join(folder, "run", "execution.json"), '{"name": "ru');
  expect(() => openExecution(folder, execution())).toThrow("has no readable record");
  expect(readFileSync(join(folder, "run", "execution.json"), "utf8")).toBe('{"name": "ru');
});

describe("what is on record", () => {
  it("is listed newest first, and a dead process's run is shown as aborted", () => {
    openExecution(folder, execution({ name: "old", pid: DEAD }));
    openExecution(folder, execution({ name: "new", startDate: "2026-11-23T04:00:00.000Z" }));
    expect(listExecutions(folder).map(({ name, status }) => [name, status])).toEqual([
      ["new", "RUNNING"],
      ["old", "ABORTED"],
    ]);
  });

  it("is nothing where nothing ran", () => {
    expect(listExecutions(join(folder, "missing"))).toEqual([]);
  });

  it("passes over folders without a readable record", () => {
    mkdirSync(join(folder, "half"));
    writeFileSync(join(folder, "half", "execution.json"), '{"name": "ha');
    expect(listExecutions(folder)).toEqual([]);
  });

  it("keeps the story, but for a last line that a crash cut short", async () => {
    openExecution(folder, execution());
    const event = { at: "2026-11-22T04:00:00.000Z", type: "executionAborted", cause: "x" } as const;
    recordEvent(folder, "run", event);
    appendFileSync(join(folder, "run", "events.jsonl"), '{"at":"2026-11-2');
    expect(await readExecution(folder, "run")).toEqual([event]);
    expect(await readExecution(folder, "unknown")).toEqual([]);
  });

  it("goes on with the story of a run that died in the middle of a line", async () => {
    openExecution(folder, execution({ pid: DEAD }));
    const event = (at: string) => ({ at, type: "executionAborted", cause: "x" }) as const;
    recordEvent(folder, "run", event("1"));
    appendFileSync(join(folder, "run", "events.jsonl"), '{"at":"2026-11-2');
    openExecution(folder, execution());
    recordEvent(folder, "run", event("2"));
    expect(await readExecution(folder, "run")).toEqual([event("1"), event("2")]);
  });

  it("leaves the name free when a crash came before the record was whole", () => {
    mkdirSync(join(folder, "run"));
    writeFileSync(join(folder, "run", `execution.json.${DEAD}`), '{"name": "ru');
    openExecution(folder, execution());
    expect(listExecutions(folder)).toMatchObject([{ name: "run", status: "RUNNING" }]);
  });

  it("says how it ended", () => {
    openExecution(folder, execution());
    closeExecution(folder, execution({ status: "FAILED", error: "X", cause: "y" }));
    expect(listExecutions(folder)).toMatchObject([{ status: "FAILED", error: "X", cause: "y" }]);
  });
});
