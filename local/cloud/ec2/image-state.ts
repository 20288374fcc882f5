import type { Account } from "../account.ts";
import { AwsError } from "../aws-error.ts";
import type { Params } from "../form.ts";
import { text } from "../form.ts";
import { noImage } from "./not-found.ts";
import type { Region } from "./region.ts";
import type { Image } from "./resources.ts";

/** The state follows from the time. */
export function imageState(account: Account, image: Image): "pending" | "available" | "failed" {
  return account.clock.now() < image.readyAt ? "pending" : image.outcome;
}

/**
 * The account's own image that ImageId names.
 * @throws AwsError InvalidAMIID.NotFound, or AuthFailure for an image that belongs to FreeBSD
 */
export function requireOwnImage(region: Region, params: Params): Image {
  const id = text(params, "ImageId") ?? "";
  const image = region.images.get(id);
  if (image !== undefined) return image;
  if (region.image(id) === undefined) throw noImage([id]);
  throw new AwsError("AuthFailure", `Not authorized for image:${id}`, 403);
}

/** @throws AwsError InvalidAMIID.Unavailable unless the image is available */
export function requireAvailable(account: Account, image: Image): void {
  const state = imageState(account, image);
  if (state === "available") return;
  throw new AwsError(
    "InvalidAMIID.Unavailable",
    `The AMI ID '${image.id}' is currently ${state} and may not be used for this operation`,
  );
}
