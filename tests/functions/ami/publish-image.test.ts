import { expect, test } from "@jest/globals";
import type { Image } from "../../../functions/ami/ports.ts";
import { publishImage } from "../../../functions/ami/publish-image.ts";
import { TAG } from "../../../functions/ami/tags.ts";
import { fakeImages } from "./fakes/fake-images.ts";
import { fakePointers } from "./fakes/fake-parameters.ts";
import { COPY, expiredTags, HOME, STAGE, sampleBuild } from "./fakes/sample-build.ts";

const POINTER = "/nightshift/test/images/base";

function scene(state: Image["state"] = "available") {
  const history: string[] = [];
  const images = fakeImages(history);
  const pointers = fakePointers(history);
  images.put(HOME, { id: "ami-new", state, stateReason: state, tags: expiredTags() });
  pointers.values.set(`${HOME} ${POINTER}`, "ami-old");
  const publish = (imageId = "ami-new", other = images) =>
    publishImage({ stage: STAGE, build: sampleBuild(), region: HOME, imageId }, { images: other, pointers });
  return { history, images, pointers, publish };
}

test("the expiry goes first and the pointer moves last: it never names what the reaper might take", async () => {
  const { history, images, pointers, publish } = scene();
  await publish();
  expect(history).toEqual(["keep ami-new", `move ${POINTER} to ami-new`]);
  for (const id of ["ami-new", "snap-of-ami-new"])
    expect(images.tagsOf(HOME, id)).not.toHaveProperty(TAG.expiresAt);
  expect(pointers.values.get(`${HOME} ${POINTER}`)).toBe("ami-new");
  expect(pointers.values.has(`${COPY} ${POINTER}`)).toBe(false);
});

test("a second time, the pointer is left alone: whoever rolled back meanwhile would be undone only once", async () => {
  const { history, publish } = scene();
  await publish();
  await publish();
  expect(history.filter((line) => line.startsWith("move"))).toHaveLength(1);
});

test("it dies before the image is kept: the old one serves on", async () => {
  const { images, pointers, publish } = scene();
  const dying = { ...images, keep: () => Promise.reject(new Error("power failure")) };
  await expect(publish("ami-new", dying)).rejects.toThrow("power failure");
  expect(pointers.values.get(`${HOME} ${POINTER}`)).toBe("ami-old");
});

test.each([
  ["still pending", "pending" as const, "ami-new", /ami-new in us-east-1 is not available: pending/],
  ["failed", "broken" as const, "ami-new", /not available: broken/],
  ["not there", "available" as const, "ami-gone", /ami-gone in us-east-1 is not available: missing/],
])("an image that is %s is never made current", async (_why, state, id, message) => {
  const { history, publish } = scene(state);
  await expect(publish(id)).rejects.toMatchObject({
    name: "ImageFailedError",
    message: expect.stringMatching(message),
  });
  expect(history).toEqual([]);
});
