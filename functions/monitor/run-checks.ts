import type { Check, Monitor } from "#fleet";
import type { Clock } from "#platform";
import type { Board, Effect } from "./board.ts";
import { type CheckResult, isGood } from "./check-result.ts";
import { BoardContestedError } from "./failures.ts";
import { judgeRun } from "./judging/judge-run.ts";
import type { BoardStore, Escalations, IncidentBook, Measurer, Outside, Shelf } from "./ports.ts";

/** From a failure to its re-test: long enough for a hiccup to pass, short enough for a run. */
export const RETEST_AFTER_MILLISECONDS = 2_000;

/** How often a board is judged again because another run was first. More than a few at once there cannot be. */
const MOST_TRIES = 5;

/** What a run stands on. */
export interface Desk {
  readonly monitor: Monitor;
  readonly board: BoardStore;
  readonly incidents: IncidentBook;
  readonly escalations: Escalations;
  readonly measurer: Measurer;
  readonly shelf: Shelf;
  /** Writes the status page anew. It may be repeated, and is written every few minutes anyway. */
  readonly publish: () => Promise<unknown>;
  readonly outside: Outside;
}

/** What a run did. `transitions`: whether anything on the status page changed besides figures. */
export interface RunReport {
  readonly slot: string;
  readonly measured: number;
  readonly notGood: readonly string[];
  readonly transitions: number;
  /** Why nothing was judged: the minute had been before, or a later one was judged meanwhile. */
  readonly superseded: boolean;
}

/**
 * Measures what is due in the minute of `time`, judges it, and begins what follows.
 *
 * The judged board is one conditional write. What follows from it (incidents, telling, shelving) stands on the board as
 * pending, is carried out after the write, and is then taken off. A run that dies in between leaves it to the next; two
 * runs at once may both carry it out, and each effect is safe to repeat.
 */
export async function runChecks(time: Date, desk: Desk, clock: Clock): Promise<RunReport> {
  const report = await judgeMinute(time, desk, clock);
  if (report.transitions > 0) await desk.publish();
  await desk.outside.tell();
  return report;
}

async function judgeMinute(time: Date, desk: Desk, clock: Clock): Promise<RunReport> {
  const slot = new Date(Math.floor(time.getTime() / 60_000) * 60_000);
  const before = await desk.board.read();
  if (isJudged(before, slot)) return { ...nothing(slot), transitions: await settle(before, desk) };
  const results = await measureTwice(dueChecks(desk.monitor.checks, slot), desk.measurer, clock);
  const after = await judgeUpon(before, results, slot, desk);
  if (after === undefined) return nothing(slot);
  const notGood = [...results].flatMap(([name, result]) => (isGood(result) ? [] : [name]));
  const transitions = await settle(after, desk);
  return { slot: slot.toISOString(), measured: results.size, notGood, transitions, superseded: false };
}

/** Names of the checks that are measured in a minute. */
export function dueChecks(checks: Readonly<Record<string, Check>>, slot: Date): string[] {
  const minute = Math.floor(slot.getTime() / 60_000);
  return Object.entries(checks).flatMap(([name, { everyMinutes }]) =>
    minute % everyMinutes === 0 ? [name] : [],
  );
}

/** Measures; what failed is measured once more after a moment, and only then counts. */
async function measureTwice(
  names: readonly string[],
  measurer: Measurer,
  clock: Clock,
): Promise<Map<string, CheckResult>> {
  const results = new Map(await measurer.measure(names, clock.now()));
  const failed = [...results].flatMap(([name, result]) => (isGood(result) ? [] : [name]));
  if (failed.length === 0) return results;
  await clock.sleep(RETEST_AFTER_MILLISECONDS);
  for (const [name, result] of await measurer.measure(failed, clock.now())) results.set(name, result);
  return results;
}

/** Judges upon the newest board, until the write is the first upon it. Undefined: a later minute was judged meanwhile. */
async function judgeUpon(
  known: Board,
  results: ReadonlyMap<string, CheckResult>,
  slot: Date,
  { board, monitor }: Desk,
): Promise<Board | undefined> {
  let before = known;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const after = judgeRun(before, monitor, results, slot);
    if (await board.replace(after)) return after;
    before = await board.read();
    if (isJudged(before, slot)) return undefined;
  }
  throw new BoardContestedError(`${MOST_TRIES} other runs were faster; the next minute's run judges again`);
}

function isJudged(board: Board, slot: Date): boolean {
  return board.slot !== undefined && board.slot >= slot.toISOString();
}

/**
 * Carries out what is pending, and takes it off the board; unless that has changed meanwhile, when it is the next run's.
 * What fails stays, and keeps nothing else from being done.
 * @returns how many transitions there were
 * @throws the first failure
 */
async function settle(board: Board, desk: Desk): Promise<number> {
  if (board.pending.length === 0) return 0;
  const failures: { readonly effect: Effect; readonly error: unknown }[] = [];
  for (const effect of board.pending)
    await carryOut(effect, desk).catch((error: unknown) => failures.push({ effect, error }));
  const pending = failures.map(({ effect }) => effect);
  await desk.board.replace({ ...board, revision: board.revision + 1, pending });
  if (failures.length > 0) throw failures[0]?.error;
  return board.pending.filter(({ kind }) => kind !== "shelve").length;
}

async function carryOut(effect: Effect, { incidents, escalations, shelf }: Desk): Promise<void> {
  if (effect.kind === "shelve") return shelf.shelve(effect.hour, effect.results);
  const at = new Date(effect.at);
  if (effect.kind === "recover") {
    await incidents.recover(effect.incident, at, effect.reason);
    return escalations.start(effect.incident, "recover", at);
  }
  const { incident: number, check, cause, since, reason, isCritical } = effect;
  await incidents.open({ number, check, cause, since: new Date(since), openedAt: at, reason, isCritical });
  await escalations.start(number, "open", at);
}

function nothing(slot: Date): RunReport {
  return { slot: slot.toISOString(), measured: 0, notGood: [], transitions: 0, superseded: true };
}
