import type { ExecutionEvent } from "../local/engine/execution-event.ts";
import type { Deps } from "./deps.ts";
import { progressView } from "./view/progress.ts";
import type { Times } from "./view/progress-line.ts";
import { terminalOf } from "./view/terminal.ts";

/** How often what is under way is redrawn. */
const REDRAW_MILLISECONDS = 200;

/** Runs `work` with a progress view on standard output, which is taken away when it ends, however it ends. */
export async function watched<T>(
  deps: Deps,
  times: Times,
  work: (onEvent: (event: ExecutionEvent) => void) => Promise<T>,
): Promise<T> {
  const terminal = terminalOf(deps.out, deps.environment);
  const progress = progressView({ terminal, times, now: () => deps.now().getTime() });
  const redraw = setInterval(() => progress.tick(), REDRAW_MILLISECONDS);
  try {
    return await work((event) => progress.take(event));
  } finally {
    clearInterval(redraw);
    progress.close();
  }
}
