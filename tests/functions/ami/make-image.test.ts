import { describe, expect, test } from "@jest/globals";
import { checkImage, copyImage, createImage, lookAtImage } from "../../../functions/ami/make-image.ts";
import type { Image } from "../../../functions/ami/ports.ts";
import { temporaryTags } from "../../../functions/ami/tags.ts";
import { WAITS } from "../../../functions/ami/wait-policy.ts";
import { fakeImages } from "./fakes/fake-images.ts";
import { COPY, HOME, NOW, STAGE, sampleBuild, sampleClaim } from "./fakes/sample-build.ts";

const BUILD = sampleBuild();
const CLAIM = sampleClaim();
const MAKING = { stage: STAGE, build: BUILD, claim: CLAIM };
const SOURCE = { id: "ami-home", name: BUILD.imageName };

const there: [why: string, state: Image["state"], taken: boolean][] = [
  ["an earlier run's, finished: taken up", "available", true],
  ["an earlier run's, on its way: taken up", "pending", true],
  ["an earlier run's, broken: removed, and made anew", "broken", false],
];

describe("the image is made", () => {
  test("in the home region, named, dated and found by its tags", async () => {
    const images = fakeImages();
    const id = await createImage(MAKING, "i-1", images);
    expect(await images.findById(HOME, id)).toMatchObject({
      name: BUILD.imageName,
      tags: temporaryTags(STAGE, BUILD, CLAIM),
    });
  });

  test("once", async () => {
    const history: string[] = [];
    const images = fakeImages(history);
    expect(await createImage(MAKING, "i-1", images)).toBe(await createImage(MAKING, "i-1", images));
    expect(history).toHaveLength(1);
  });

  test.each(there)("%s", async (_why, state, taken) => {
    const images = fakeImages();
    images.put(HOME, { id: "ami-earlier", name: BUILD.imageName, state });
    expect((await createImage(MAKING, "i-1", images)) === "ami-earlier").toBe(taken);
    expect(images.existing(HOME).includes("ami-earlier")).toBe(taken);
  });
});

describe("the image is copied", () => {
  const scene = () => {
    const history: string[] = [];
    const images = fakeImages(history);
    images.put(HOME, SOURCE);
    const copy = (attempt = 1, claim = CLAIM) =>
      copyImage({ ...MAKING, claim }, { imageId: SOURCE.id, region: COPY, attempt }, images);
    return { history, images, copy };
  };

  test("under its own name, with its own tags, and once", async () => {
    const { history, images, copy } = scene();
    const id = await copy();
    expect(await copy()).toBe(id);
    expect(await images.findById(COPY, id)).toMatchObject({
      name: BUILD.imageName,
      tags: temporaryTags(STAGE, BUILD, CLAIM),
    });
    expect(history).toEqual([`make ${BUILD.imageName} in ${COPY}`]);
  });

  test("once, even while the first copy does not show yet: the token is the same", async () => {
    const { images } = scene();
    const blind = { ...images, findByName: async () => undefined };
    const copy = () => copyImage(MAKING, { imageId: SOURCE.id, region: COPY, attempt: 1 }, blind);
    expect(await copy()).toBe(await copy());
  });

  test.each(there)("%s", async (_why, state, taken) => {
    const { images, copy } = scene();
    images.put(COPY, { id: "ami-earlier", name: BUILD.imageName, state });
    expect((await copy()) === "ami-earlier").toBe(taken);
    expect(images.existing(COPY).includes("ami-earlier")).toBe(taken);
  });

  test.each([
    ["the next attempt", 2, CLAIM],
    ["the next generation", 1, sampleClaim({ generation: 2 })],
  ])(
    "after a copy that failed, %s makes a new one: EC2 would answer the old token with the dead copy",
    async (_why, attempt, claim) => {
      const { images, copy } = scene();
      const dead = await copy();
      images.put(COPY, { id: dead, name: BUILD.imageName, state: "broken" });
      const next = await copy(attempt, claim);
      expect(next).not.toBe(dead);
      expect(images.existing(COPY)).not.toContain(dead);
    },
  );
});

describe("a look at an image", () => {
  const look = (state: Image["state"] | undefined, attempt: number) => {
    const images = fakeImages();
    if (state !== undefined)
      images.put(COPY, { id: "ami-1", state, stateReason: "failed: Client.InternalError" });
    const deadlineAt = CLAIM.deadlineAt;
    return {
      at: { region: COPY, imageId: "ami-1", attempt, now: NOW, deadlineAt, policy: WAITS.copy },
      images,
    };
  };
  const again = (attempt: number) => ({ available: false, wait: { attempt, seconds: 60 } });
  const rows: [why: string, state: Image["state"] | undefined, attempt: number, progress: object][] = [
    ["there", "available", 0, { available: true }],
    ["there at the last look", "available", 90, { available: true }],
    ["on its way", "pending", 5, again(6)],
    ["not to be seen at first: describes lag behind creates", undefined, 0, again(1)],
    ["not to be seen on the third look: still no verdict", undefined, 2, again(3)],
    [
      "not to be seen on the fourth: somebody removed it",
      undefined,
      3,
      { available: false, failed: "image ami-1 does not exist in us-west-2" },
    ],
    [
      "failed, at any look",
      "broken",
      0,
      { available: false, failed: "image ami-1 in us-west-2: failed: Client.InternalError" },
    ],
  ];
  test.each(rows)("%s", async (_why, state, attempt, progress) => {
    const { at, images } = look(state, attempt);
    expect(await lookAtImage(at, images)).toEqual(progress);
  });

  test("on its way for too long: given up by name", async () => {
    const { at, images } = look("pending", 90);
    await expect(lookAtImage(at, images)).rejects.toThrow(/copied image.*90 looks/);
  });

  test("in the home region a failure is final", async () => {
    const { at, images } = look("broken", 0);
    await expect(checkImage(at, images)).rejects.toMatchObject({
      name: "ImageFailedError",
      message: expect.stringContaining("Client.InternalError"),
    });
  });
});
