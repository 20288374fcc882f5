import { Failure } from "#platform";

/** A manifest that says what cannot be: nothing of that day is billed. */
export class UsageManifestError extends Failure {
  override readonly name = "UsageManifestError";
}

/** A part that is not what its manifest says. */
export class CorruptPartError extends Failure {
  override readonly name = "CorruptPartError";
}
