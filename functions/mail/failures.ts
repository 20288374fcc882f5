import { Failure } from "#platform";

/** SES was asked before and its answer was lost; whether it accepted the mail is not known yet. Ask again later. */
export class SendInDoubtError extends Failure {
  override readonly name = "SendInDoubtError";
}

/** SES will not take this mail, now or later. */
export class MailRefusedError extends Failure {
  override readonly name = "MailRefusedError";
}
