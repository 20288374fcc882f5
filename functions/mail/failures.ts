import { Failure, TransientFailure } from "#platform";

/** SES was asked before and its answer was lost; whether it accepted the mail is not known yet. Ask again later. */
export class SendInDoubtError extends Failure {
  override readonly name = "SendInDoubtError";
}

/** SES was asked just now, and gave no answer or an internal error: it may have accepted the mail, or not. */
export class AnswerLostError extends TransientFailure {
  override readonly name = "AnswerLostError";
}

/** SES will not take this mail, now or later. */
export class MailRefusedError extends Failure {
  override readonly name = "MailRefusedError";
}

/** SES does not know the sender as ours. No other mail of this sender would fare better. */
export class SenderRefusedError extends Failure {
  override readonly name = "SenderRefusedError";
}

/** More mails in a second than SES allows the account. This one was not accepted; a second later it may be. */
export class SendingTooFastError extends TransientFailure {
  override readonly name = "SendingTooFastError";
}

/** As many mails in 24 hours as SES allows the account. This one was not accepted. */
export class QuotaUsedUpError extends TransientFailure {
  override readonly name = "QuotaUsedUpError";
}

/** fleet.yml has no section `billing`, so there are no customers who could be written to. */
export class BillingOffError extends Failure {
  override readonly name = "BillingOffError";
}
