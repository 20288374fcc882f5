import type { Build, Claim } from "../../../../functions/ami/build.ts";
import { TAG, type Tags } from "../../../../functions/ami/tags.ts";

/** Stage, regions and instants of the builds in these tests. */
export const STAGE = "test";
export const HOME = "us-east-1";
export const COPY = "us-west-2";
export const NOW = new Date("2026-11-22T05:00:00Z");

/** A build as ValidateBuild makes it, with some of it changed. */
export function sampleBuild(changes: Partial<Build> = {}): Build {
  return {
    id: "base-20261122-0400-15.1-amd64-3f2a9c1d",
    image: "base",
    imageName: "nightshift-test-base-20261122-0400-15.1-amd64-3f2a9c1d",
    recipeHash: "3f2a9c1d".repeat(8),
    release: "15.1",
    arch: "amd64",
    homeRegion: HOME,
    copyRegions: [COPY],
    executionArn: "arn:aws:states:us-east-1:123456789012:execution:ami-build:one",
    ...changes,
  };
}

/** A claim that stands: its deadline is an hour away. */
export function sampleClaim(changes: Partial<Claim> = {}): Claim {
  return {
    deadlineAt: "2026-11-22T06:00:00.000Z",
    expiresAt: "2026-11-22T06:30:00.000Z",
    generation: 1,
    inspectedInstanceId: "",
    ...changes,
  };
}

/** Tags of something temporary that a dead run of the sample build left behind, past its expiry. */
export function expiredTags(changes: Partial<Record<keyof typeof TAG, string | undefined>> = {}): Tags {
  const build = sampleBuild();
  const all = {
    stage: STAGE,
    build: build.id,
    image: build.image,
    recipe: build.recipeHash,
    execution: build.executionArn,
    expiresAt: "2026-11-22T04:59:59.000Z",
    ...changes,
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) =>
      value === undefined ? [] : [[TAG[name as keyof typeof TAG], value]],
    ),
  );
}
