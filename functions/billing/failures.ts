import { Failure, TransientFailure } from "#platform";

/** fleet.yml has no section `billing`, so nobody is billed. */
export class BillingOffError extends Failure {
  override readonly name = "BillingOffError";
}

/** The day's usage has no manifest yet. It may still be on its way: ask again later. */
export class UsageMissingError extends Failure {
  override readonly name = "UsageMissingError";
}

/** The manifest is another one than the night was planned with. */
export class UsageChangedError extends Failure {
  override readonly name = "UsageChangedError";
}

/** There is no account of that name. */
export class UnknownAccountError extends Failure {
  override readonly name = "UnknownAccountError";
}

/** An account's item, or a closed month of it, is not as it must be. It concerns that account and no other. */
export class AccountBrokenError extends Failure {
  override readonly name = "AccountBrokenError";
}

/** The account was deleted; what is booked on it needs a person. */
export class AccountDeletedError extends Failure {
  override readonly name = "AccountDeletedError";
}

/** An entry of that id is there, and says something else. */
export class EntryDiffersError extends Failure {
  override readonly name = "EntryDiffersError";
}

/** There is no entry or charge of the id that was to be reversed. */
export class NothingToReverseError extends Failure {
  override readonly name = "NothingToReverseError";
}

/** Another entry reverses the same one. */
export class AlreadyReversedError extends Failure {
  override readonly name = "AlreadyReversedError";
}

/** An entry that the ledger does not take: nothing, or less than the smallest payment. */
export class EntryRefusedError extends Failure {
  override readonly name = "EntryRefusedError";
}

/** No such day waits for approval. */
export class NothingToApproveError extends Failure {
  override readonly name = "NothingToApproveError";
}

/** An account changed so often meanwhile that a change of our own found no place. */
export class AccountBusyError extends TransientFailure {
  override readonly name = "AccountBusyError";
}

/** Another run works on a part at the same time, and is not as far: its sums are not whole yet. */
export class PartUnderWayError extends TransientFailure {
  override readonly name = "PartUnderWayError";
}

/** What was charged and what the usage comes to are not the same. */
export class TotalsDifferError extends Failure {
  override readonly name = "TotalsDifferError";
}

/** Another run put the day into another state meanwhile. */
export class DayNotSettledError extends Failure {
  override readonly name = "DayNotSettledError";
}
