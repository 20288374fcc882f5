import { describe, expect, test } from "@jest/globals";
import { cleanUp } from "../../../functions/ami/clean-up.ts";
import type { Tags } from "../../../functions/ami/tags.ts";
import { fakeBook } from "./fakes/fake-book.ts";
import { fakeRegion, litterOf } from "./fakes/fake-region.ts";
import { COPY, expiredTags, HOME, NOW, STAGE, sampleBuild } from "./fakes/sample-build.ts";

const BUILD = sampleBuild();

async function scene() {
  const home = fakeRegion(HOME);
  const copy = fakeRegion(COPY);
  const book = fakeBook();
  await book.claim(BUILD, NOW, 60);
  const ports = { region: (name: string) => (name === HOME ? home : copy), book };
  const clean = (attempt = 0, build = BUILD) =>
    cleanUp({ stage: STAGE, build, attempt, now: NOW, removed: [] }, ports);
  return { home, copy, book, clean };
}

describe("what a build left", () => {
  test("nothing: done at once, and the claim is given back", async () => {
    const { book, clean } = await scene();
    expect(await clean()).toEqual({ finished: true, removed: [] });
    expect(book.holder("base")).toBeUndefined();
  });

  test("goes in every region, expired or not; while an instance ends, the claim is kept", async () => {
    const { home, copy, book, clean } = await scene();
    home.litter("mine", expiredTags({ expiresAt: "2099-01-01T00:00:00Z" }));
    copy.images.put(COPY, { id: "ami-half", state: "pending", tags: expiredTags() });
    const first = await clean();
    expect(first).toMatchObject({ finished: false, wait: { attempt: 1, seconds: 15 } });
    expect([...home.existing(), ...copy.existing()]).toEqual([]);
    expect(book.holder("base")).toBe(BUILD.executionArn);
    home.pool.settle();
    expect(await clean(1)).toMatchObject({ finished: true });
    expect(book.holder("base")).toBeUndefined();
  });

  test("is told in the end, with what earlier looks removed", async () => {
    const { clean, home } = await scene();
    home.pool.put({ id: "i-mine", tags: expiredTags() });
    const earlier = { what: "volume" as const, region: HOME, id: "vol-0" };
    const ports = { region: () => home, book: fakeBook() };
    const { removed } = await cleanUp(
      { stage: STAGE, build: BUILD, attempt: 3, now: NOW, removed: [earlier] },
      ports,
    );
    expect(removed.map(({ id }) => id)).toEqual(["vol-0", "i-mine"]);
    await clean();
  });

  test("will not go: given up by name after its looks, though the run's deadline does not count", async () => {
    const { home, book, clean } = await scene();
    home.access.putDoor("sg-mine", expiredTags());
    home.access.inUse.add("sg-mine");
    expect(await clean(39)).toMatchObject({ finished: false });
    await expect(clean(40)).rejects.toMatchObject({
      name: "WaitedTooLongError",
      message: expect.stringContaining("removal of security group sg-mine in us-east-1"),
    });
    expect(book.holder("base")).toBe(BUILD.executionArn);
  });
});

describe("look-alikes are never touched", () => {
  const rows: [why: string, tags: Tags][] = [
    [
      "published images, their snapshots, and whatever else lost its expiry",
      expiredTags({ expiresAt: undefined }),
    ],
    ["another build's", expiredTags({ build: "base-20261115-0400-15.1-amd64-3f2a9c1d" })],
    ["the same build of another stage", expiredTags({ stage: "prod" })],
    ["without any tags", {}],
  ];
  test.each(rows)("%s", async (_why, tags) => {
    const { home, clean } = await scene();
    home.litter("like", tags);
    home.litter("mine", expiredTags());
    await clean();
    expect(home.existing()).toEqual(litterOf("like"));
  });

  test("regions that the build does not use", async () => {
    const { copy, clean } = await scene();
    copy.litter("mine", expiredTags());
    expect(await clean(0, sampleBuild({ copyRegions: [] }))).toMatchObject({ finished: true });
    expect(copy.existing()).toEqual(litterOf("mine"));
  });
});

test("the claim of another execution is not given back", async () => {
  const { book, clean } = await scene();
  await clean(0, sampleBuild({ executionArn: "arn:another" }));
  expect(book.holder("base")).toBe(BUILD.executionArn);
});
