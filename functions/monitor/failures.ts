import { Failure, TransientFailure } from "#platform";

/** The fleet has no section `monitor`. */
export class NoMonitorError extends Failure {
  override readonly name = "NoMonitorError";
}

/** Other runs kept replacing the board. Worth another try. */
export class BoardContestedError extends TransientFailure {
  override readonly name = "BoardContestedError";
}

/** There is no such incident. */
export class UnknownIncidentError extends Failure {
  override readonly name = "UnknownIncidentError";
}

/** All contacts were gone through as often as the fleet says, and nobody acknowledged. */
export class NobodyAnsweredError extends Failure {
  override readonly name = "NobodyAnsweredError";
}

/** No message of a whole round could be sent. */
export class NobodyToldError extends Failure {
  override readonly name = "NobodyToldError";
}

/** Nobody has made a secret for the heartbeats' addresses. */
export class NoHeartbeatSecretError extends Failure {
  override readonly name = "NoHeartbeatSecretError";
}

/** The service that should notice our silence could not be told that we live. Everything else of the run is done. */
export class OutsideUnreachableError extends Failure {
  override readonly name = "OutsideUnreachableError";
}
