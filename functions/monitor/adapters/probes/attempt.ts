import type { Check, CheckKind, CheckOf } from "#fleet";
import type { Finding } from "../../findings/finding.ts";
import type { Surroundings } from "../../ports.ts";

/**
 * A kind's way to measure. Resolves to what was found, or throws a ProbeEndedError that carries it. Time is no affair
 * of a probe: it says in what stage it is, and measure() ends it.
 */
export type Probe<Kind extends CheckKind> = (
  check: CheckOf<Kind>,
  surroundings: Surroundings,
  attempt: Attempt,
) => Promise<Finding>;

/** Something that holds a handle: a socket, a stream, an SSH client. */
interface Destroyable {
  destroy(): unknown;
}

/** One measurement under way: where it stands, and what must be closed when it is over. */
export class Attempt {
  /** Name of the check. */
  readonly name: string;
  readonly timeoutMilliseconds: number;
  #stage = "before the first step";
  #isOver = false;
  readonly #owned: Destroyable[] = [];

  constructor(name: string, { timeoutSeconds }: Pick<Check, "timeoutSeconds">) {
    this.name = name;
    this.timeoutMilliseconds = timeoutSeconds * 1000;
  }

  /** What is waited for: "connecting to 10.0.0.1:443". It becomes part of the reason when that fails or takes too long. */
  get stage(): string {
    return this.#stage;
  }

  set stage(stage: string) {
    this.#stage = stage;
  }

  /** Takes charge of a resource. What comes too late, when the attempt is over, is destroyed at once. */
  own<Resource extends Destroyable>(resource: Resource): Resource {
    if (this.#isOver) resource.destroy();
    else this.#owned.push(resource);
    return resource;
  }

  /** Destroys everything that the attempt opened, the last first. */
  end(): void {
    this.#isOver = true;
    for (const resource of this.#owned.splice(0).reverse()) resource.destroy();
  }
}
