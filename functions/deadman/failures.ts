import { Failure } from "#platform";

/** The monitor ran once, and does so no more. */
export class WatchStoppedError extends Failure {
  override readonly name = "WatchStoppedError";
}

/** The monitor never ran. */
export class NothingWatchedError extends Failure {
  override readonly name = "NothingWatchedError";
}
