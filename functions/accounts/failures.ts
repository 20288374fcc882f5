import { Failure } from "#platform";

/** There is no account of that name. */
export class UnknownAccountError extends Failure {
  override readonly name = "UnknownAccountError";
}

/** The name belongs to an account already: with another address, or one that was deleted. */
export class AccountExistsError extends Failure {
  override readonly name = "AccountExistsError";
}

/** The account was deleted, so nothing about it changes any more. */
export class AccountDeletedError extends Failure {
  override readonly name = "AccountDeletedError";
}

/** The stop switch of all deletions is not set to "allowed". */
export class DeletionsStoppedError extends Failure {
  override readonly name = "DeletionsStoppedError";
}

/** The balance is positive. */
export class StillPaidError extends Failure {
  override readonly name = "StillPaidError";
}

/** The days that a customer has to pay are not over, or have not begun. */
export class CountdownRunningError extends Failure {
  override readonly name = "CountdownRunningError";
}

/** An operator has parked the account. */
export class AccountParkedError extends Failure {
  override readonly name = "AccountParkedError";
}

/** The secret by which Stripe's requests are known is not there, so that no payment can be received. */
export class NoWebhookSecretError extends Failure {
  override readonly name = "NoWebhookSecretError";
}
