import type { Build, Claim } from "./build.ts";

/** The tags by which nightshift finds its own. A resource without them is never touched. */
export const TAG = {
  stage: "nightshift:stage",
  build: "nightshift:build",
  image: "nightshift:image",
  recipe: "nightshift:recipe",
  execution: "nightshift:execution",
  /** Present on whatever is temporary; an image loses it when it is published. */
  expiresAt: "nightshift:expires-at",
} as const;

export type Tags = Readonly<Record<string, string>>;

/** Tags of everything that a build creates. */
export function temporaryTags(stage: string, build: Build, claim: Claim): Tags {
  return {
    Name: build.imageName,
    [TAG.stage]: stage,
    [TAG.build]: build.id,
    [TAG.image]: build.image,
    [TAG.recipe]: build.recipeHash.slice(0, 64),
    [TAG.execution]: build.executionArn,
    [TAG.expiresAt]: claim.expiresAt,
  };
}

/** Whether a resource is one that clean-up of `build` may remove: it is of that build and still temporary. */
export function isLeftoverOf(stage: string, buildId: string, tags: Tags): boolean {
  return tags[TAG.stage] === stage && tags[TAG.build] === buildId && tags[TAG.expiresAt] !== undefined;
}

/** Whether the reaper may consider a resource at all: ours, temporary, and past its time. */
export function isExpired(stage: string, tags: Tags, now: Date): boolean {
  if (tags[TAG.stage] !== stage || tags[TAG.build] === undefined) return false;
  const expiresAt = Date.parse(tags[TAG.expiresAt] ?? "");
  return Number.isFinite(expiresAt) && expiresAt < now.getTime();
}
