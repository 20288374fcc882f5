import type { Deps } from "./deps.ts";

/**
 * npm passes Ctrl-C on to the script, which the terminal has told already: two signals for one key. A second one
 * counts as meant only after this time.
 */
const SAME_KEY_MILLISECONDS = 500;

/** Exit status of a process that SIGINT ended (POSIX shells: 128 + 2). */
export const INTERRUPTED = 130;

/**
 * Runs `work` so that Ctrl-C (or SIGTERM) aborts its signal and says `notice`; a second Ctrl-C ends the process at
 * once.
 */
export async function interruptible<T>(
  deps: Pick<Deps, "signals" | "err" | "now" | "exit">,
  notice: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  let firstAt: number | undefined;
  const listener = () => {
    const now = deps.now().getTime();
    if (firstAt === undefined) {
      firstAt = now;
      deps.err.write(`\n${notice}\n`);
      abort.abort();
    } else if (now - firstAt >= SAME_KEY_MILLISECONDS) {
      deps.exit(INTERRUPTED);
    }
  };
  deps.signals.on("SIGINT", listener);
  deps.signals.on("SIGTERM", listener);
  try {
    return await work(abort.signal);
  } finally {
    deps.signals.off("SIGINT", listener);
    deps.signals.off("SIGTERM", listener);
  }
}

/** Sleeps, but not beyond Ctrl-C. */
export function untilAborted(
  deps: Pick<Deps, "sleep">,
  signal: AbortSignal,
): (milliseconds: number) => Promise<void> {
  return (milliseconds) => unlessAborted(signal, deps.sleep(milliseconds));
}

/** What work comes to, unless Ctrl-C comes first: then it is not waited for any longer. */
export function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T | undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  const { promise: aborted, resolve } = Promise.withResolvers<undefined>();
  const listener = () => resolve(undefined);
  signal.addEventListener("abort", listener);
  return Promise.race([work, aborted]).finally(() => signal.removeEventListener("abort", listener));
}
