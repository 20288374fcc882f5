/**
 * An error with a name that state machines match on.
 *
 * Names are part of the interface (`ErrorEquals` in the ASL), so each class states its own: a bundler may rename
 * classes. Unnamed errors are bugs and reach the alarm.
 */
export abstract class Failure extends Error {
  abstract override readonly name: string;
}

/** The event that a function was given is not what it accepts. Retrying cannot help. */
export class InvalidInputError extends Failure {
  override readonly name = "InvalidInputError";
}

/** A setting in the environment is missing or malformed; the message names it. */
export class InvalidSettingsError extends Failure {
  override readonly name = "InvalidSettingsError";
}
