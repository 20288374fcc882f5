import { type Definition, statesThatLeadToCleanUp, statesThatPrecede } from "./definition.ts";

/** A run was told to stop; the machine's own Catch cleans up after it. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
}

/** The power failed: nothing goes on, not the next state, not a Catch. */
export class PowerFailure extends Error {
  override readonly name = "PowerFailure";
}

/**
 * The two ways in which a run is stopped from outside. An interruption is taken once, by the first step whose
 * failure leads to clean-up; what follows runs as after any failure, with all its waits. A kill is for ever.
 */
export class StopSignal {
  #interrupted = false;
  readonly #sleepers = new Set<() => void>();
  #die: (reason: PowerFailure) => void = () => undefined;
  readonly #death: Promise<never>;
  killed = false;

  /** States at which an interruption is taken, and those from which one of them can still be entered. */
  readonly #stoppable: ReadonlySet<string>;
  readonly #hurried: ReadonlySet<string>;

  constructor(definition: Definition) {
    this.#stoppable = statesThatLeadToCleanUp(definition);
    this.#hurried = statesThatPrecede(definition, this.#stoppable);
    this.#death = new Promise((_, reject) => {
      this.#die = reject;
    });
    this.#death.catch(() => undefined); // a run that ends well never dies
  }

  interrupt(): void {
    this.#interrupted = true;
    for (const wake of this.#sleepers) wake();
  }

  kill(): void {
    this.killed = true;
    this.#die(new PowerFailure("killed"));
  }

  /** Takes the interruption, if there is one and this state is the place. */
  takeInterruption(state: string): void {
    if (!this.#interrupted || !this.#stoppable.has(state)) return;
    this.#interrupted = false;
    throw new InterruptedError("the run was interrupted");
  }

  /**
   * Waits for `sleep`, shorter if the run is interrupted meanwhile or was already: but only where the interruption
   * will still be taken. Clean-up itself is never hurried.
   */
  async sleep(state: string, sleep: () => Promise<void>): Promise<void> {
    if (!this.#hurried.has(state)) await this.whileAlive(sleep());
    else if (!this.#interrupted) await this.whileAlive(this.#sleepUnlessWoken(sleep));
    this.requireLife();
  }

  async #sleepUnlessWoken(sleep: () => Promise<void>): Promise<void> {
    let wake = (): void => undefined;
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    this.#sleepers.add(wake); // several iterations of a Map may sleep at once
    await Promise.race([sleep(), woken]);
    this.#sleepers.delete(wake);
  }

  /** What `work` gives, unless the power fails first; then nobody waits for it any more. */
  whileAlive<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#death]);
  }

  requireLife(): void {
    if (this.killed) throw new PowerFailure("killed");
  }
}
