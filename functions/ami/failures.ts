import { Failure, TransientFailure } from "#platform";

/** The fleet has changed since the run began, so its recipe is no longer the one that was started. */
export class RecipeChangedError extends Failure {
  override readonly name = "RecipeChangedError";
}

/** Something that must hold before money is spent does not. The message says what to do. */
export class BuildRefusedError extends Failure {
  override readonly name = "BuildRefusedError";
}

/** Another execution is building this image. */
export class BuildAlreadyRunningError extends Failure {
  override readonly name = "BuildAlreadyRunningError";
}

/** The builder terminated, or was never there, while the run still needed it. */
export class BuilderLostError extends Failure {
  override readonly name = "BuilderLostError";
}

/** EC2 has no room for the builder just now. */
export class NoCapacityError extends Failure {
  override readonly name = "NoCapacityError";
}

/** A named wait was exhausted. */
export class WaitedTooLongError extends Failure {
  override readonly name = "WaitedTooLongError";
}

/** The machine that answered is not the one whose console was read. Nothing was sent to it. */
export class HostKeyMismatchError extends Failure {
  override readonly name = "HostKeyMismatchError";
}

/** The builder cannot be reached just now; worth another try. */
export class BuilderUnreachableError extends TransientFailure {
  override readonly name = "BuilderUnreachableError";
}

/** The provisioning script ended with an error. */
export class ProvisioningFailedError extends Failure {
  override readonly name = "ProvisioningFailedError";
}

/** The disk is not what the recipe says. */
export class InspectionFailedError extends Failure {
  override readonly name = "InspectionFailedError";
}

/** The disk could not be unmounted, so an image of it would be broken. */
export class DiskStillMountedError extends Failure {
  override readonly name = "DiskStillMountedError";
}

/** EC2 reported an image as failed, error or invalid. */
export class ImageFailedError extends Failure {
  override readonly name = "ImageFailedError";
}

/** What was just created does not show yet (eventual consistency); worth another try. */
export class NotVisibleYetError extends TransientFailure {
  override readonly name = "NotVisibleYetError";
}
