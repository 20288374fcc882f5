import { describe, expect, test } from "@jest/globals";
import { isExpired, isLeftoverOf, TAG, temporaryTags } from "../../../functions/ami/tags.ts";
import { expiredTags, NOW, STAGE, sampleBuild, sampleClaim } from "./fakes/sample-build.ts";

const BUILD = sampleBuild();

test("temporary tags: found by stage and build, dated by the claim, within EC2's limits", () => {
  const tags = temporaryTags(STAGE, BUILD, sampleClaim());
  expect(tags).toMatchObject({
    [TAG.stage]: STAGE,
    [TAG.build]: BUILD.id,
    [TAG.image]: "base",
    [TAG.execution]: BUILD.executionArn,
    [TAG.expiresAt]: sampleClaim().expiresAt,
  });
  for (const [key, value] of Object.entries(tags)) {
    expect(key.length).toBeLessThanOrEqual(128);
    expect(value.length).toBeLessThanOrEqual(256);
    expect(key).not.toMatch(/^aws:/i); // reserved
  }
});

describe("what clean-up of a build may remove", () => {
  const rows: [may: boolean, why: string, tags: Readonly<Record<string, string>>][] = [
    [true, "its own, temporary", expiredTags()],
    [
      true,
      "its own, before the expiry: the run itself says that it is over",
      expiredTags({ expiresAt: "2099-01-01T00:00:00Z" }),
    ],
    [false, "published: it has lost its expiry", expiredTags({ expiresAt: undefined })],
    [false, "another build's, of the same image", expiredTags({ build: `${BUILD.id}0` })],
    [false, "the same build of another stage", expiredTags({ stage: "prod" })],
    [false, "without a stage", expiredTags({ stage: undefined })],
    [false, "without a build", expiredTags({ build: undefined })],
    [false, "somebody else's, that merely is named like ours", { Name: BUILD.imageName }],
    [false, "untagged", {}],
  ];
  test.each(rows)("%s: %s", (may, _why, tags) => {
    expect(isLeftoverOf(STAGE, BUILD.id, tags)).toBe(may);
  });
});

describe("what the reaper may consider", () => {
  const rows: [may: boolean, why: string, tags: Readonly<Record<string, string>>][] = [
    [true, "past its expiry", expiredTags()],
    [true, "of a build that nobody remembers", expiredTags({ build: "gone-20200101-0000" })],
    [
      true,
      "an instant with an offset, 04:59 in UTC",
      expiredTags({ expiresAt: "2026-11-22T06:59:00+02:00" }),
    ],
    [false, "expires in the future", expiredTags({ expiresAt: "2026-11-22T05:00:01Z" })],
    [false, "expires this very instant", expiredTags({ expiresAt: NOW.toISOString() })],
    [false, "published images have no expiry", expiredTags({ expiresAt: undefined })],
    [false, "an expiry that is no instant says nothing", expiredTags({ expiresAt: "yesterday" })],
    [false, "an empty expiry says nothing", expiredTags({ expiresAt: "" })],
    [false, "another stage", expiredTags({ stage: "prod" })],
    [false, "no stage", expiredTags({ stage: undefined })],
    [false, "no build: not made by a run", expiredTags({ build: undefined })],
    [false, "tags in other letters are other tags", { "Nightshift:Stage": STAGE, "nightshift:Build": "x" }],
    [false, "untagged", {}],
  ];
  test.each(rows)("%s: %s", (may, _why, tags) => {
    expect(isExpired(STAGE, tags, NOW)).toBe(may);
  });
});
