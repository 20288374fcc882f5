import type { Fault, Operation } from "./contract.ts";
import { RestError } from "./rest-error.ts";

/** Faults that wait for their request, first come, first served. */
export class Faults {
  readonly #waiting: { readonly fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.#waiting.push({ fault, left: fault.times ?? 1 });
  }

  left(): number {
    return this.#waiting.reduce((sum, { left }) => sum + left, 0);
  }

  /** The fault that strikes a request, if any; it is used up by that. */
  strike(operation: Operation): Fault["how"] | undefined {
    const index = this.#waiting.findIndex(({ fault }) => fault.on === operation);
    const found = this.#waiting[index];
    if (found === undefined) return undefined;
    found.left -= 1;
    if (found.left === 0) this.#waiting.splice(index, 1);
    return found.fault.how;
  }
}

/** The error that is answered instead of carrying a request out. Absent: the fault is of another kind. */
export function refusalBy(how: Fault["how"]): RestError | undefined {
  if ("code" in how) return new RestError(how.code);
  if ("busy" in how) return new RestError(20429, undefined, how.retryAfterSeconds);
  return undefined;
}

/** Whether the request is carried out all the same. */
export function isCarriedOut(how: Fault["how"]): boolean {
  return (
    ("status" in how && how.when === "after") ||
    ("silence" in how && how.silence === "after") ||
    ("reset" in how && how.reset === "after")
  );
}
