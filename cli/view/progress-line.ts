import { elapsed, simulated } from "./duration.ts";
import type { Row } from "./progress-row.ts";
import { cut, paint, type Terminal } from "./terminal.ts";

/** Which clocks a row shows: a rehearsal has two; on AWS, and afterwards, the run's own is the only one. */
export type Times = "real and simulated" | "run";

const SIGNS = { done: "✓", retry: "↻", failed: "✗", running: "·" } as const;
const WORDS = { done: "ok    ", retry: "retry ", failed: "FAILED", running: "...   " } as const;
const COLOURS = { done: "green", retry: "yellow", failed: "red", running: "dim" } as const;

/** Columns that labels fill, so that times stand below each other. */
const LABEL_COLUMNS = 40;

/** A row as one line of text without line end, never wider than the terminal. */
export function progressLine(row: Row, terminal: Terminal, times: Times): string {
  const sign = terminal.unicode ? SIGNS[row.mark] : WORDS[row.mark];
  const count = row.count === 1 ? "" : ` ${terminal.unicode ? "×" : "x"}${row.count}`;
  const columns = terminal.columns() - 1 - sign.length - 1; // the last column would wrap on some terminals
  // What went wrong matters more than how long it took: it is not cut to make room for times.
  const label = `${row.label}${count}${row.note}`;
  const clocks = clockText(row, times);
  const room = columns - clocks.length - 2;
  const keepLabel =
    clocks === "" || room < 12 || ((row.mark === "failed" || row.mark === "retry") && label.length > room);
  const mark = paint(terminal, COLOURS[row.mark], sign);
  if (keepLabel) return `${mark} ${cut(label, columns)}`;
  return `${mark} ${cut(label, room).padEnd(Math.min(LABEL_COLUMNS, room))}  ${paint(terminal, "dim", clocks)}`;
}

function clockText(row: Row, times: Times): string {
  if (row.realSeconds === undefined || row.runSeconds === undefined) return "";
  if (times === "run") return simulated(row.runSeconds).padStart(9);
  return `${elapsed(row.realSeconds).padStart(7)}   simulated ${simulated(row.runSeconds)}`;
}
