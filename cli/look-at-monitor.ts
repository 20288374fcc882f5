import type { Board, CheckState, HourOfResults } from "../functions/monitor/board.ts";
import type { Incident } from "../functions/monitor/incident.ts";
import { STALE_AFTER_MILLISECONDS } from "../functions/monitor/status-page/view-of-board.ts";
import type { MonitorBooks } from "./deployed/monitor-books.ts";
import { OperatorError } from "./operator-error.ts";

/** What the monitor knows, at one instant. */
export interface Look {
  readonly now: Date;
  readonly board: Board;
  /** The results of the hour before the board's; empty when there are none. */
  readonly previousHour: HourOfResults;
  /** The open ones, newest first. */
  readonly incidents: readonly Incident[];
}

/** Reads it. @throws OperatorError when the monitor never ran */
export async function lookAtMonitor(books: MonitorBooks, now: Date): Promise<Look> {
  const board = await books.board.read();
  if (board.slot === undefined)
    throw new OperatorError(
      "the monitor has not run yet",
      "It runs every minute once it is deployed. If this stays so, look into the log of its function run-checks.",
    );
  const [previousHour, incidents] = await Promise.all([
    hourBefore(board, books),
    Promise.all(openNumbers(board).map((number) => books.incidents.read(number))),
  ]);
  return { now, board, previousHour, incidents: incidents.filter((one) => one !== undefined) };
}

/** Whether everything is as it should be: no incident is open, and the monitor runs. */
export function isAllGood({ board, now }: Pick<Look, "board" | "now">): boolean {
  return openNumbers(board).length === 0 && !hasStopped({ board, now });
}

/** Whether runs have stopped coming: what the board says is old. */
export function hasStopped({ board, now }: Pick<Look, "board" | "now">): boolean {
  return now.getTime() - Date.parse(board.slot ?? "") > STALE_AFTER_MILLISECONDS;
}

/** Numbers of the open incidents, newest first: those that the board knows of, recorded yet or not. */
function openNumbers({ checks }: Board): number[] {
  const numbers = Object.values<CheckState>(checks).flatMap(({ incident }) => incident ?? []);
  return [...new Set(numbers)].sort((one, other) => other - one);
}

/** An hour that is over stands on the board until it is shelved. */
async function hourBefore({ hour, pending }: Board, { history }: MonitorBooks): Promise<HourOfResults> {
  if (hour === undefined) return {};
  const before = new Date(Date.parse(`${hour}:00:00Z`) - 3_600_000).toISOString().slice(0, 13);
  for (const effect of pending) if (effect.kind === "shelve" && effect.hour === before) return effect.results;
  const [shelved] = await history.hours(before, before);
  return shelved?.results ?? {};
}
