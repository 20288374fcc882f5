import { describe, expect, test } from "@jest/globals";
import { retireImages } from "../../../functions/ami/retire-images.ts";
import type { Tags } from "../../../functions/ami/tags.ts";
import { fakeImages } from "./fakes/fake-images.ts";
import { fakePointers } from "./fakes/fake-parameters.ts";
import { COPY, expiredTags, HOME, STAGE, sampleBuild } from "./fakes/sample-build.ts";

const PUBLISHED = expiredTags({ expiresAt: undefined });

/** A region with published images a1 (the oldest) to e5, and what else is put there. */
function scene(others: Record<string, Tags> = {}) {
  const images = fakeImages();
  const pointers = fakePointers();
  ["ami-a1", "ami-b2", "ami-c3", "ami-d4", "ami-e5"].forEach((id, day) => {
    images.put(HOME, { id, tags: PUBLISHED, createdAt: new Date(Date.UTC(2026, 10, day + 1)) });
  });
  for (const [id, tags] of Object.entries(others)) images.put(HOME, { id, tags, createdAt: new Date(0) });
  const retire = (keep = 3, region = HOME) =>
    retireImages({ stage: STAGE, build: sampleBuild(), region, keep }, { images, pointers });
  return { images, pointers, retire };
}

describe("published images beyond the number to keep", () => {
  test("go, with their snapshots", async () => {
    const { images, retire } = scene();
    expect((await retire()).sort()).toEqual(["ami-a1", "ami-b2"]);
    expect(images.existing(HOME)).toEqual(
      ["ami-c3", "ami-d4", "ami-e5"].concat(["snap-of-ami-c3", "snap-of-ami-d4", "snap-of-ami-e5"]),
    );
  });

  test("stay where there are none too many, and a second run finds none", async () => {
    const { retire } = scene();
    expect(await retire(5)).toEqual([]);
    await retire();
    expect(await retire()).toEqual([]);
  });

  test("stay while instances run on them", async () => {
    const { images, retire } = scene();
    images.instancesOf.set("ami-a1", 1);
    expect(await retire()).toEqual(["ami-b2"]);
  });

  test("stay while the pointer names them: somebody rolled back", async () => {
    const { pointers, retire } = scene();
    pointers.values.set(`${HOME} /nightshift/test/images/base`, "ami-a1");
    expect(await retire()).toEqual(["ami-b2"]);
  });

  test("are counted region by region", async () => {
    const { images, retire } = scene();
    expect(await retire(3, COPY)).toEqual([]);
    expect(images.existing(HOME)).toContain("ami-a1");
  });
});

describe("never touched, nor counted, however old", () => {
  const lookAlikes: [why: string, tags: Tags][] = [
    ["an image without tags", {}],
    ["an image of another stage", { ...PUBLISHED, ...expiredTags({ stage: "prod", expiresAt: undefined }) }],
    ["another image of the fleet", expiredTags({ image: "mail", expiresAt: undefined })],
    ["an unpublished one: it has an expiry, and is clean-up's business", expiredTags()],
    ["one that no build made", expiredTags({ build: undefined, expiresAt: undefined })],
  ];
  test.each(lookAlikes)("%s", async (_why, tags) => {
    const { images, retire } = scene({ "ami-like": tags });
    expect((await retire()).sort()).toEqual(["ami-a1", "ami-b2"]);
    expect(images.existing(HOME)).toContain("ami-like");
  });
});
