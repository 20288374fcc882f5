import type { Check, Monitor } from "#fleet";
import { type Board, type CheckState, type HourOfResults, MONITOR } from "../../functions/monitor/board.ts";
import { isGood } from "../../functions/monitor/check-result.ts";
import type { Incident } from "../../functions/monitor/incident.ts";
import { checkWords } from "./check-words.ts";
import { clockTime } from "./clock-time.ts";
import { lasting } from "./duration.ts";
import { incidentLines } from "./incident-lines.ts";
import { type LinePart, lineOf } from "./line-parts.ts";
import { type Spark, sparkline } from "./sparkline.ts";
import { cut, type Terminal } from "./terminal.ts";

/** What the table is made of. */
export interface MonitorView {
  readonly monitor: Pick<Monitor, "checks" | "timeZone">;
  readonly board: Board;
  /** The hour's words before the board's; empty when they are not at hand. */
  readonly previousHour: HourOfResults;
  /** The open ones. */
  readonly incidents: readonly Incident[];
  readonly now: Date;
}

/** A run each minute: later than this, something is wrong with the monitor. */
const LATE_MILLISECONDS = 3 * 60_000;

/** Columns of the state's word, of its duration, and of the last response time. */
const [WORD, SINCE, LAST] = [12, 11, 7];

const SPARK_COLOURS = { good: "green", bad: "red", excused: "dim", silent: "dim" } as const;

/** The live table: each check on a line, why those fail that do, open incidents, and the last run. Newline at the end. */
export function renderMonitor(view: MonitorView, terminal: Terminal): string {
  const { monitor, board, incidents, now } = view;
  const names = Object.keys(monitor.checks);
  const sparks = sparkWidth(terminal.columns());
  const fixed = 2 + 2 + WORD + 2 + SINCE + 2 + LAST + (sparks === 0 ? 0 : sparks + 2) + 1;
  const room = Math.max(terminal.columns() - fixed, 8);
  const width = Math.min(Math.max(5, ...names.map((name) => name.length)), room);
  const own = stateOf(board, MONITOR);
  const lines = [
    heading(terminal, width, sparks),
    ...names.flatMap((name) => checkLines(view, name, { width, sparks }, terminal)),
    ...(own === undefined || own.phase === "good"
      ? []
      : [lineOf(terminal, ["red", `The monitor itself is impaired: ${own.last.reason}`])]),
    "",
    ...incidents.flatMap((one) => incidentLines(one, now, monitor.timeZone, terminal)),
    ...(incidents.length === 0 ? [] : [""]),
    lastRun(board, now, monitor.timeZone, terminal),
  ];
  return `${lines.join("\n")}\n`;
}

interface Columns {
  /** Of names. */
  readonly width: number;
  readonly sparks: number;
}

function heading(terminal: Terminal, width: number, sparks: number): string {
  const cells = [
    "  check".padEnd(width + 2),
    "state".padEnd(WORD),
    "since".padStart(SINCE),
    "last".padStart(LAST),
  ];
  return lineOf(terminal, ["dim", [...cells, ...(sparks === 0 ? [] : ["last hour"])].join("  ")]);
}

function checkLines(view: MonitorView, name: string, columns: Columns, terminal: Terminal): string[] {
  const check = view.monitor.checks[name] as Check;
  const state = stateOf(view.board, name);
  const { sign, ascii, word, colour } = checkWords(state, check.failuresBeforeAlarm);
  const since = state === undefined ? "" : lasting(view.now.getTime() - Date.parse(state.since));
  const line = lineOf(
    terminal,
    [colour, terminal.unicode ? sign : ascii],
    ` ${cut(name, columns.width).padEnd(columns.width)}  `,
    [colour, word.padEnd(WORD)],
    `  ${since.padStart(SINCE)}  ${lastTime(state).padStart(LAST)}  `,
    ...sparkParts(view, name, check, columns.sparks, terminal.unicode),
  );
  const isWrong = state !== undefined && (state.phase !== "good" || !isGood(state.last));
  return isWrong ? [line, lineOf(terminal, ["dim", `  ${state.last.reason}`])] : [line];
}

function sparkParts(
  { board, previousHour }: MonitorView,
  name: string,
  { everyMinutes }: Check,
  width: number,
  unicode: boolean,
): LinePart[] {
  if (board.slot === undefined || width === 0) return [];
  const sparks = sparkline({
    previous: wordsOf(previousHour, name),
    current: wordsOf(board.results, name),
    minute: new Date(board.slot).getUTCMinutes(),
    everyMinutes,
    width,
    unicode,
  });
  // One piece for each run of the same kind: a colour each character would be most of what is written.
  const runs: { kind: Spark["kind"]; text: string }[] = [];
  for (const { kind, text } of sparks) {
    const last = runs.at(-1);
    if (last?.kind === kind) last.text += text;
    else runs.push({ kind, text });
  }
  return runs.map(({ kind, text }) => [SPARK_COLOURS[kind], text] as const);
}

function lastRun({ slot }: Board, now: Date, timeZone: string, terminal: Terminal): string {
  if (slot === undefined) return lineOf(terminal, ["yellow", "There was no run yet."]);
  const age = now.getTime() - Date.parse(slot);
  const time = clockTime(timeZone)(new Date(slot));
  if (age <= LATE_MILLISECONDS)
    return lineOf(terminal, ["dim", `Last run at ${time}, ${lasting(age)} ago. Times: ${timeZone}`]);
  return lineOf(terminal, ["red", `THE LAST RUN WAS AT ${time}, ${lasting(age)} ago: nothing is watched`]);
}

/** Characters of a sparkline that leave room for the rest. */
function sparkWidth(columns: number): number {
  if (columns >= 130) return 60;
  if (columns >= 100) return 30;
  return columns >= 72 ? 20 : 0;
}

function lastTime(state: CheckState | undefined): string {
  if (state === undefined || state.last.milliseconds === 0) return "";
  const { milliseconds } = state.last;
  return milliseconds < 1000 ? `${milliseconds} ms` : `${Number((milliseconds / 1000).toFixed(1))} s`;
}

function stateOf({ checks }: Board, name: string): CheckState | undefined {
  return Object.hasOwn(checks, name) ? checks[name] : undefined;
}

function wordsOf(results: HourOfResults, name: string): string {
  return (Object.hasOwn(results, name) ? results[name] : undefined) ?? "";
}
