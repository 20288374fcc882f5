import { Failure, TransientFailure } from "#platform";

/** Twilio will not take this message, now or later: it certainly was not sent. `code` is Twilio's, if it gave one. */
export class PhoneRefusedError extends Failure {
  override readonly name = "PhoneRefusedError";
  readonly code: number | undefined;

  constructor(message: string, code: number | undefined, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Too many requests at once (429, 20429). This one certainly was not processed; a little later it may be. */
export class PhoneBusyError extends TransientFailure {
  override readonly name = "PhoneBusyError";
  /** As Twilio's Retry-After says; absent when it says nothing. */
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, retryAfterSeconds: number | undefined, options?: ErrorOptions) {
    super(message, options);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** No connection to Twilio came about, or it could not answer a question: nothing was sent by this. */
export class PhoneUnreachableError extends TransientFailure {
  override readonly name = "PhoneUnreachableError";
}

/** Twilio was asked, and gave no answer or an internal error: it may have accepted the message, or not. */
export class PhoneInDoubtError extends Failure {
  override readonly name = "PhoneInDoubtError";
}

/** A message was handed over before and its outcome is not known yet. To be told again a little later. */
export class TellInDoubtError extends Failure {
  override readonly name = "TellInDoubtError";
}

/** The parameters that say who we are at Twilio are not there, so that nobody can be told by phone. */
export class NoTwilioAccountError extends Failure {
  override readonly name = "NoTwilioAccountError";
}

/** The parameter with one of our own addresses is not there. */
export class NoMonitorUrlError extends Failure {
  override readonly name = "NoMonitorUrlError";
}
