import type { ExecutionEvent } from "../../local/engine/execution-event.ts";
import { progressLine, type Times } from "./progress-line.ts";
import type { Row } from "./progress-row.ts";
import { ProgressRows } from "./progress-rows.ts";
import type { Terminal } from "./terminal.ts";

export interface ProgressOptions {
  readonly terminal: Terminal;
  readonly times: Times;
  /** Real time in milliseconds. */
  readonly now: () => number;
}

/** Shows an execution while it happens. */
export interface Progress {
  take(event: ExecutionEvent): void;
  /** Redraws what is under way, so that its time goes on. Does nothing on a plain output. */
  tick(): void;
  /** Takes away what is drawn in place. Lines that are final stay. */
  close(): void;
}

/** A Map over many items must not scroll the finished lines away. */
const LIVE_LINES = 6;

/** How long a plain output stays silent while something is under way. A log that stands still looks dead. */
const SILENCE_MILLISECONDS = 60_000;

/** The progress view for an output: updated in place on a terminal, else one plain line per finished state. */
export function progressView(options: ProgressOptions): Progress {
  return options.terminal.interactive ? new LiveProgress(options) : new PlainProgress(options);
}

class PlainProgress implements Progress {
  readonly #options: ProgressOptions;
  readonly #rows = new ProgressRows();
  #spokenAt: number;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#spokenAt = options.now();
  }

  take(event: ExecutionEvent): void {
    const now = this.#options.now();
    const rows = this.#rows.take(event, now);
    const silent = rows.length === 0 && now - this.#spokenAt >= SILENCE_MILLISECONDS;
    this.#write(silent ? this.#rows.running(now, Date.parse(event.at)) : rows, now);
  }

  tick(): void {}

  close(): void {}

  #write(rows: readonly Row[], now: number): void {
    const { terminal, times } = this.#options;
    for (const row of rows) terminal.write(`${progressLine(row, terminal, times)}\n`);
    if (rows.length > 0) this.#spokenAt = now;
  }
}

class LiveProgress implements Progress {
  readonly #options: ProgressOptions;
  readonly #rows = new ProgressRows();
  #drawn = 0;
  #lastEvent = { real: 0, run: 0 };

  constructor(options: ProgressOptions) {
    this.#options = options;
  }

  take(event: ExecutionEvent): void {
    const real = this.#options.now();
    this.#lastEvent = { real, run: Date.parse(event.at) };
    this.#draw(this.#rows.take(event, real), this.#rows.running(real, this.#lastEvent.run));
  }

  tick(): void {
    const real = this.#options.now();
    // Simulated time stands still while real work is done; a real run's time goes on by itself.
    const passed = this.#options.times === "run" ? real - this.#lastEvent.real : 0;
    if (this.#drawn > 0) this.#draw([], this.#rows.running(real, this.#lastEvent.run + passed));
  }

  close(): void {
    this.#draw([], []);
  }

  /** One write: back to the first live line, erase from there (ECMA-48 CPL, ED), final lines, live lines. */
  #draw(final: readonly Row[], live: readonly Row[]): void {
    const { terminal, times } = this.#options;
    const back = this.#drawn === 0 ? "" : `\u001b[${this.#drawn}F\u001b[J`;
    const lines = [...final, ...live.slice(0, LIVE_LINES)].map((row) => progressLine(row, terminal, times));
    const more = live.length > LIVE_LINES ? [`  and ${live.length - LIVE_LINES} more`] : [];
    const text = [...lines, ...more].map((line) => `${line}\n`).join("");
    if (back + text !== "") terminal.write(back + text);
    this.#drawn = Math.min(live.length, LIVE_LINES) + more.length;
  }
}
