import { Failure, TransientFailure } from "#platform";

/*
 * Why something could not be learnt of FreeBSD's own servers. Messages are for people, and hold nothing that a server
 * chose but what quoted() let pass. Sorted by name.
 */

/** A signature of a tag or a catalogue does not fit: it was altered on its way, or signed with another key. */
export class BadSignatureError extends Failure {
  override readonly name = "BadSignatureError";
}

/** A check of an instant that is yet to come. All checks until then would be older than it, and nobody be told of them. */
export class CheckAheadError extends Failure {
  override readonly name = "CheckAheadError";
}

/** A report is asked for of a check that nobody planned: the table was emptied, or it is long over. */
export class CheckUnplannedError extends Failure {
  override readonly name = "CheckUnplannedError";
}

/** A catalogue of the base system's packages is not what pkg-repository(5) describes, or is of another release. */
export class CatalogueUnreadableError extends Failure {
  override readonly name = "CatalogueUnreadableError";
}

/** FreeBSD's servers have no such release, at least not for this architecture: they answered 404. */
export class NoSuchReleaseError extends Failure {
  override readonly name = "NoSuchReleaseError";
}

/** Another run told the owner something at the same moment. Worth another try, which finds what it did. */
export class ReportRacedError extends TransientFailure {
  override readonly name = "ReportRacedError";
}

/** A build could not be started, or a mail not be sent. The next check tries it again. */
export class ReportsLeftError extends Failure {
  override readonly name = "ReportsLeftError";
}

/** A server answered, but not with what was asked for: another status, a redirect elsewhere, too long a body. */
export class ServerAnswerError extends Failure {
  override readonly name = "ServerAnswerError";
}

/** A server of FreeBSD's did not answer: no connection, no whole answer in time, or trouble on its side (5xx, 429). */
export class ServerUnreachableError extends TransientFailure {
  override readonly name = "ServerUnreachableError";
}

/** A tag is older than one that was seen before: a mirror that stands still, or somebody who replays an old one. */
export class TagRegressionError extends Failure {
  override readonly name = "TagRegressionError";
}

/** A tag was signed, but does not say what a tag says, or speaks of another release or architecture. */
export class TagUnreadableError extends Failure {
  override readonly name = "TagUnreadableError";
}

/** The key that came with a tag or a catalogue is not one that FreeBSD is known to sign with, or there is none. */
export class UntrustedKeyError extends Failure {
  override readonly name = "UntrustedKeyError";
}

/** Whether an error is one of those that say why FreeBSD's servers told nothing. */
export function isServerFailure(error: unknown): error is Failure {
  return (
    error instanceof BadSignatureError ||
    error instanceof CatalogueUnreadableError ||
    error instanceof NoSuchReleaseError ||
    error instanceof ServerAnswerError ||
    error instanceof ServerUnreachableError ||
    error instanceof TagRegressionError ||
    error instanceof TagUnreadableError ||
    error instanceof UntrustedKeyError
  );
}
