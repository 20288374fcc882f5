import type { Retrier } from "./definition.ts";

/** What follows a failed task. */
export type Verdict = { readonly retry: number; readonly delaySeconds: number } | "give up";

/**
 * Counts the retries of one entry into a state, as Step Functions does: each retrier on its own, the first one that
 * matches decides, `MaxAttempts` counts retries and not calls, and the delay grows by BackoffRate.
 */
export class RetrySchedule {
  readonly #retriers: readonly Retrier[];
  readonly #used: number[];

  constructor(retriers: readonly Retrier[] = []) {
    this.#retriers = retriers;
    this.#used = retriers.map(() => 0);
  }

  /** Notes a failure and says what follows. */
  failed(errorName: string): Verdict {
    const index = this.#retriers.findIndex(({ ErrorEquals }) =>
      ErrorEquals.some((one) => one === errorName || one === "States.ALL" || one === "States.TaskFailed"),
    );
    const retrier = this.#retriers[index];
    const used = this.#used[index] ?? 0;
    if (retrier === undefined || used >= (retrier.MaxAttempts ?? 3)) return "give up";
    this.#used[index] = used + 1;
    const delaySeconds = (retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** used;
    return { retry: used + 1, delaySeconds };
  }
}
