import { Failure } from "#platform";

/** What is asked for cannot be done by nightshift. The message says what to do by hand. Nothing has changed. */
export class RotationRefusedError extends Failure {
  override readonly name = "RotationRefusedError";
}

/** The fleet has ends of the pipe that the rotation does not know of. Another run knows them. */
export class FleetChangedError extends Failure {
  override readonly name = "FleetChangedError";
}

/** Another execution, which is running, rotates this key. */
export class RotationRunningError extends Failure {
  override readonly name = "RotationRunningError";
}

/** Another execution has taken this rotation over: this one was thought dead, and must do no more. */
export class RotationTakenOverError extends Failure {
  override readonly name = "RotationTakenOverError";
}

/** A key in SSM is not there, or is not what the rotation's record says, or is none. Never holds what is there. */
export class KeyLostError extends Failure {
  override readonly name = "KeyLostError";
}

/** A step could not be done on every host that it is about. */
export class HostsMissedError extends Failure {
  override readonly name = "HostsMissedError";
}

/** The host did what was asked, so it says, and is not as it should be: another key, or nothing that runs. */
export class DoorNotOpenError extends Failure {
  override readonly name = "DoorNotOpenError";
}

/** The program on the host ended with an error. The message is its own. */
export class HostRefusedError extends Failure {
  override readonly name = "HostRefusedError";
}

/** What came back is not what the program on the host prints. */
export class UnreadableReportError extends Failure {
  override readonly name = "UnreadableReportError";
}
