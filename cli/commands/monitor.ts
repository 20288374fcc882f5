import type { Command } from "commander";
import { readSeconds } from "../choose.ts";
import type { Deps } from "../deps.ts";
import { interruptible, unlessAborted } from "../interrupt.ts";
import { loadWatchedFleet, type MonitorOptions } from "../load-monitor.ts";
import { hasStopped, isAllGood, type Look, lookAtMonitor } from "../look-at-monitor.ts";
import { lineOf } from "../view/line-parts.ts";
import { LiveScreen } from "../view/live-screen.ts";
import { renderMonitor } from "../view/monitor-table.ts";
import { type Terminal, terminalOf } from "../view/terminal.ts";
import { withMonitorOptions } from "./monitor-options.ts";

/** Exit status when an incident is open, or the monitor stands still; 1 says that nobody could tell. */
const NOT_GOOD = 3;

const EXAMPLES = `
Examples:
  nightshift monitor                       in a terminal: goes on until Ctrl-C
  nightshift monitor --once                as it stands now
  nightshift monitor --once >/dev/null || echo "something is wrong"
  nightshift monitor --json | jq '.checks | map_values(.phase)'

Exit status: 0 no incident is open, 3 one is, or the monitor has not run for three minutes, 1 it could not be read.
Ctrl-C ends with 0.`;

interface WatchOptions extends MonitorOptions {
  readonly once?: true;
  readonly every: string;
}

/** `nightshift monitor`: how everything stands, as the watch region sees it. */
export function register(program: Command, deps: Deps): void {
  withMonitorOptions(program.command("monitor"))
    .summary("show how everything that is watched stands")
    .description(
      "Shows the checks of a deployed monitor as a table: in a terminal again and again, otherwise once.",
    )
    .option("--once", "print it once and end")
    .option("--every <seconds>", "how often a terminal gets it anew", "10")
    .addHelpText("after", EXAMPLES)
    .action((options: WatchOptions) => monitor(deps, options));
}

async function monitor(deps: Deps, options: WatchOptions): Promise<void> {
  const seconds = readSeconds(options.every);
  const { monitor: watched, region } = await loadWatchedFleet(deps, options);
  const books = await deps.loadMonitor(region, options.stage);
  const look = () => lookAtMonitor(books, deps.now());
  const render = (one: Look) => renderMonitor({ monitor: watched, ...one }, terminal);
  const terminal = terminalOf(deps.out, deps.environment);
  const first = await look(); // what is wrong from the beginning ends the command; later it may pass
  if (options.json !== true && options.once !== true && terminal.interactive)
    return live(deps, terminal, first, look, render, seconds);
  const document = { stage: options.stage, region, ...documentOf(first) };
  deps.out.write(options.json === true ? `${JSON.stringify(document, null, 2)}\n` : render(first));
  deps.finish(isAllGood(first) ? 0 : NOT_GOOD);
}

/** Draws it again and again until Ctrl-C. What cannot be read for a while leaves the last table, and a line that says so. */
async function live(
  deps: Deps,
  terminal: Terminal,
  first: Look,
  look: () => Promise<Look>,
  render: (look: Look) => string,
  seconds: number,
): Promise<void> {
  const screen = new LiveScreen(terminal.write, () => deps.out.rows || Number.POSITIVE_INFINITY);
  await interruptible(deps, "Stopped looking. The monitor goes on.", async (signal) => {
    signal.addEventListener("abort", () => screen.close());
    let last = first;
    screen.draw(render(first));
    while (await hasSlept(deps, signal, seconds)) {
      const { next, trouble } = await unlessAborted(signal, look()).then(
        (next) => ({ next, trouble: "" }),
        (error: unknown) => ({ next: undefined, trouble: troubleOf(error, terminal) }),
      );
      if (signal.aborted) return;
      last = next ?? { ...last, now: deps.now() };
      screen.draw(`${render(last)}${trouble}`);
    }
  }).finally(() => screen.close());
}

/** A timer keeps the process from ending; so it sleeps in pieces, and Ctrl-C is felt at once. */
const PIECE_MILLISECONDS = 250;

/** False: Ctrl-C came first. */
async function hasSlept(deps: Deps, signal: AbortSignal, seconds: number): Promise<boolean> {
  for (let rest = seconds * 1000; rest > 0 && !signal.aborted; rest -= PIECE_MILLISECONDS)
    await deps.sleep(Math.min(rest, PIECE_MILLISECONDS));
  return !signal.aborted;
}

function troubleOf(error: unknown, terminal: Terminal): string {
  const why = error instanceof Error ? error.message : String(error);
  return `\n${lineOf(terminal, ["yellow", `It cannot be read at present, and is tried again: ${why}`])}\n`;
}

function documentOf({ now, board, incidents }: Look) {
  const { slot, checks } = board;
  const isGood = isAllGood({ now, board });
  return { at: now, measuredAt: slot, hasStopped: hasStopped({ now, board }), isGood, checks, incidents };
}
