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
  #wake: () => void = () => undefined;
  #die: (reason: PowerFailure) => void = () => undefined;
  readonly #death: Promise<never>;
  killed = false;

  constructor() {
    this.#death = new Promise((_, reject) => {
      this.#die = reject;
    });
    this.#death.catch(() => undefined); // a run that ends well never dies
  }

  interrupt(): void {
    this.#interrupted = true;
    this.#wake();
  }

  kill(): void {
    this.killed = true;
    this.#die(new PowerFailure("killed"));
  }

  /** Takes the interruption, if there is one and `stoppable` says that this is the place. */
  takeInterruption(stoppable: boolean): void {
    if (!this.#interrupted || !stoppable) return;
    this.#interrupted = false;
    throw new InterruptedError("the run was interrupted");
  }

  /** Waits for `sleep`, shorter if the run is interrupted meanwhile or was already. */
  async sleepUnlessInterrupted(sleep: () => Promise<void>): Promise<void> {
    if (!this.#interrupted) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await this.whileAlive(Promise.race([sleep(), woken]));
    }
    this.requireLife();
  }

  /** What `work` gives, unless the power fails first; then nobody waits for it any more. */
  whileAlive<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#death]);
  }

  requireLife(): void {
    if (this.killed) throw new PowerFailure("killed");
  }
}
