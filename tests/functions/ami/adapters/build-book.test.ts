import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { dynamoDbBuildBook } from "../../../../functions/ami/adapters/dynamodb-build-book.ts";
import type { BuildBook } from "../../../../functions/ami/ports.ts";
import { fakeBook } from "../fakes/fake-book.ts";
import { type OpenStage, openStage } from "../fakes/open-stage.ts";
import { sampleBuild } from "../fakes/sample-build.ts";

let open: OpenStage;
beforeAll(async () => {
  open = await openStage();
});
afterAll(() => open.close());

const START = Date.parse("2026-11-22T04:00:00.000Z");
const at = (minutes: number) => new Date(START + minutes * 60_000);
const iso = (minutes: number) => at(minutes).toISOString();

/** Every test has an image of its own, since the table outlives them. */
let images = 0;
function runs() {
  images += 1;
  const image = `image${images}`;
  const run = (name: string, id = `${image}-20261122-0400`) =>
    sampleBuild({ image, id, executionArn: `arn:aws:states:us-east-1:1:execution:ami-build:${name}` });
  return { one: run("one"), other: run("other"), run };
}

/** The one in DynamoDB, and the fake that the other tests stand on, must behave alike. */
const BOOKS: [name: string, make: () => BuildBook][] = [
  ["DynamoDB", () => dynamoDbBuildBook(open.settings())],
  ["the fake", fakeBook],
];

describe.each(BOOKS)("claims in %s", (_name, make) => {
  test("the first is granted, with deadline and expiry counted from now", async () => {
    const claim = await make().claim(runs().one, at(0), 60);
    expect(claim).toEqual({
      deadlineAt: iso(60),
      expiresAt: iso(90),
      generation: 1,
      inspectedInstanceId: "",
    });
  });

  test("the same execution adopts its own: the same deadline, tags and tokens as the run that died", async () => {
    const book = make();
    const { one } = runs();
    const first = await book.claim(one, at(0), 60);
    expect(await book.claim(one, at(30), 60)).toEqual(first);
  });

  test("another execution is refused while it stands, and told whose it is", async () => {
    const book = make();
    const { one, other } = runs();
    await book.claim(one, at(0), 60);
    for (const minutes of [0, 59, 75]) {
      await expect(book.claim(other, at(minutes), 60)).rejects.toMatchObject({
        name: "BuildAlreadyRunningError",
        message: expect.stringContaining(one.executionArn),
      });
    }
    expect(await book.claim(one, at(1), 60)).toMatchObject({ generation: 1, deadlineAt: iso(60) });
  });

  test("an expired one is taken over by another execution, as a new generation", async () => {
    const book = make();
    const { one, other } = runs();
    await book.claim(one, at(0), 60);
    expect(await book.claim(other, at(91), 60)).toEqual({
      deadlineAt: iso(151),
      expiresAt: iso(181),
      generation: 2,
      inspectedInstanceId: "",
    });
    await expect(book.claim(one, at(92), 60)).rejects.toMatchObject({ name: "BuildAlreadyRunningError" });
  });

  test("its own, past its deadline, begins anew: what it left may be gone any moment", async () => {
    const book = make();
    const { one } = runs();
    await book.claim(one, at(0), 60);
    expect(await book.claim(one, at(61), 60)).toMatchObject({ generation: 2, deadlineAt: iso(121) });
  });

  test("one that was given back is free at once, and its count goes on", async () => {
    const book = make();
    const { one, other } = runs();
    await book.claim(one, at(0), 60);
    await book.release(one);
    expect(await book.claim(other, at(1), 60)).toMatchObject({ generation: 2, deadlineAt: iso(61) });
  });

  test("giving back is safe to repeat, and does nothing to another's", async () => {
    const book = make();
    const { one, other } = runs();
    await book.release(one);
    await book.claim(one, at(0), 60);
    await book.release(other);
    await expect(book.claim(other, at(1), 60)).rejects.toMatchObject({ name: "BuildAlreadyRunningError" });
    await book.release(one);
    await book.release(one);
    expect(await book.claim(one, at(2), 60)).toMatchObject({ generation: 2 });
  });

  test("two at once: one has it", async () => {
    const book = make();
    const { one, other } = runs();
    const both = await Promise.allSettled([book.claim(one, at(0), 60), book.claim(other, at(0), 60)]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  test("images do not stand in each other's way", async () => {
    const book = make();
    await book.claim(runs().one, at(0), 60);
    expect(await book.claim(runs().other, at(0), 60)).toMatchObject({ generation: 1 });
  });

  test("a claim tells on which builder this very build was inspected before", async () => {
    const book = make();
    const { one, run } = runs();
    await book.recordInspection(one, "i-1", []);
    expect(await book.claim(one, at(0), 60)).toMatchObject({ inspectedInstanceId: "i-1" });
    await book.release(one);
    expect(await book.claim(run("next", `${one.image}-20261129-0400`), at(1), 60)).toMatchObject({
      inspectedInstanceId: "",
    });
  });
});

describe.each(BOOKS)("records in %s", (_name, make) => {
  const PACKAGES = [{ name: "pkg", version: "2.4" }];

  test("an inspected build is found, unpublished; a published one with its images", async () => {
    const book = make();
    const { one } = runs();
    expect(await book.find(one.image, one.id)).toBeUndefined();
    await book.recordInspection(one, "i-1", PACKAGES);
    const { id, image, release, recipeHash } = one;
    const inspected = {
      id,
      image,
      release,
      recipeHash,
      packages: PACKAGES,
      inspectedInstanceId: "i-1",
      images: {},
      publishedAt: undefined,
    };
    expect(await book.find(image, id)).toEqual(inspected);
    await book.recordPublished(one, { "us-east-1": "ami-1" }, at(5));
    expect(await book.find(image, id)).toEqual({
      ...inspected,
      images: { "us-east-1": "ami-1" },
      publishedAt: iso(5),
    });
  });

  test("a second run keeps the instant of the first publication", async () => {
    const book = make();
    const { one } = runs();
    await book.recordPublished(one, {}, at(5));
    await book.recordPublished(one, { "us-east-1": "ami-1" }, at(50));
    expect(await book.find(one.image, one.id)).toMatchObject({
      publishedAt: iso(5),
      images: { "us-east-1": "ami-1" },
    });
  });

  test("the build before is the newest published one of the image, not itself and not the claim", async () => {
    const book = make();
    const { one, run } = runs();
    const [old, older, unpublished, next] = ["1115", "1108", "1121", "1129"].map((day) =>
      run(day, `${one.image}-2026${day}-0400`),
    ) as [typeof one, typeof one, typeof one, typeof one];
    await book.claim(one, at(0), 60);
    expect(await book.findPrevious(one.image, one.id)).toBeUndefined();
    for (const build of [older, old, one, next]) await book.recordPublished(build, {}, at(1));
    await book.recordInspection(unpublished, "i-2", PACKAGES);
    expect((await book.findPrevious(one.image, one.id))?.id).toBe(old.id);
    expect(await book.findPrevious(one.image, older.id)).toBeUndefined();
  });
});
