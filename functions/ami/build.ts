import { createHash } from "node:crypto";
import { z } from "#platform";

/**
 * One build of one image. Everything that a build creates is named or tagged by it, so that a second run of the
 * same build finds what the first one made, and clean-up finds what either left behind.
 */
export const BuildSchema = z.object({
  /** `base-20261122-0400-15.1-amd64-3f2a9c1d`: sorts by time within an image. */
  id: z.string(),
  image: z.string(),
  /** Name of the resulting AMI, unique per account and region. */
  imageName: z.string(),
  recipeHash: z.string(),
  release: z.string(),
  arch: z.enum(["amd64", "arm64"]),
  homeRegion: z.string(),
  copyRegions: z.array(z.string()),
  executionArn: z.string(),
});

export type Build = z.infer<typeof BuildSchema>;

/** What a run may rely on once it holds the claim of its image. Instants are ISO 8601. */
export const ClaimSchema = z.object({
  /** When the run gives up. */
  deadlineAt: z.string(),
  /** When whatever still carries this build's tags may be removed by the reaper. After the deadline. */
  expiresAt: z.string(),
  /** Counts how often a build began afresh; part of its client tokens, since EC2 remembers used ones. */
  generation: z.number().int().min(1),
  /**
   * The builder whose disk was inspected, as the book of builds has it; empty if none was. What was inspected need
   * not be inspected again, and cannot be, once it is unmounted or an image.
   */
  inspectedInstanceId: z.string(),
});

export type Claim = z.infer<typeof ClaimSchema>;

/** Facts from which a build's identity follows. `time` is the scheduled or requested instant, never "now". */
export interface BuildRequest {
  readonly stage: string;
  readonly image: string;
  readonly time: Date;
  readonly release: string;
  readonly arch: "amd64" | "arm64";
  readonly recipeHash: string;
}

/** The same request always gives the same id, down to the minute. */
export function buildId(request: BuildRequest): string {
  const [day, minute] = request.time.toISOString().split("T");
  const stamp = `${day?.replaceAll("-", "")}-${minute?.slice(0, 5).replace(":", "")}`;
  return `${request.image}-${stamp}-${request.release}-${request.arch}-${request.recipeHash.slice(0, 8)}`;
}

/** AMI names: 3 to 128 characters of letters, digits and `()[] ./-'@_` (EC2 API, CreateImage). */
export function imageName(stage: string, id: string): string {
  return `nightshift-${stage}-${id}`;
}

/** Name of everything else that a build makes: key pair, security group, instance. */
export function resourceName(stage: string, id: string): string {
  return `nightshift-${stage}-build-${id}`;
}

/** SSM parameter that holds the build's private key. */
export function keyParameterName(stage: string, id: string): string {
  return `/nightshift/${stage}/builds/${id}/ssh-key`;
}

/** SSM parameter that names the current AMI of an image in its region. */
export function pointerName(stage: string, image: string): string {
  return `/nightshift/${stage}/images/${image}`;
}

/**
 * An idempotency token for RunInstances or CopyImage: at most 64 ASCII characters (EC2 API, "Ensuring
 * idempotency"), the same for the same purpose. The image's name sets stages apart, which share an account's tokens.
 */
export function clientToken(build: Build, claim: Claim, ...purpose: (string | number)[]): string {
  const text = [build.id, build.imageName, claim.generation, ...purpose].join(" ");
  return createHash("sha256").update(text).digest("hex").slice(0, 64);
}
