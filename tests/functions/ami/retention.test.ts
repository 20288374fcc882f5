import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { imagesToRetire, type PublishedImage } from "../../../functions/ami/retention.ts";

/** `a5!` is image a of day 5 of the month, in use. */
function read(images: string): PublishedImage[] {
  return images
    .split(" ")
    .filter(Boolean)
    .map((text) => {
      const [, id = "", day = ""] = /^([a-z]+)(\d+)/.exec(text) ?? [];
      return {
        id,
        createdAt: new Date(`2026-11-${day.padStart(2, "0")}T04:00:00Z`),
        inUse: text.endsWith("!"),
      };
    });
}

describe("images to retire", () => {
  const rows: [why: string, images: string, keep: number, retired: string][] = [
    ["nothing published", "", 3, ""],
    ["fewer than are kept", "a1 b2", 3, ""],
    ["just as many as are kept", "a1 b2 c3", 3, ""],
    ["the oldest goes", "a1 b2 c3 d4", 3, "a"],
    ["in whatever order EC2 lists them", "d4 a1 c3 b2", 2, "b a"],
    ["the oldest is in use: it stays, beyond the number", "a1! b2 c3 d4", 3, ""],
    ["one in use costs no newer one its place, nor saves an older one", "a1 b2! c3 d4", 2, "a"],
    ["one in use among the newest is counted once", "a1 b2 c3! d4", 2, "b a"],
    ["all in use", "a1! b2! c3!", 1, ""],
    ["a backlog goes in one night", "a1 b2 c3 d4 e5 f6", 2, "d c b a"],
  ];
  test.each(rows)("%s", (_why, images, keep, retired) => {
    const ids = imagesToRetire(read(images), keep).map(({ id }) => id);
    expect(ids).toEqual(retired.split(" ").filter(Boolean));
  });

  const anyImages = fc.uniqueArray(
    fc.record({ id: fc.uuid(), createdAt: fc.date({ noInvalidDate: true }), inUse: fc.boolean() }),
    { selector: ({ createdAt }) => createdAt.getTime() },
  );

  test("laws: never one in use, never one of the newest, and everything else", () => {
    fc.assert(
      fc.property(anyImages, fc.integer({ min: 1, max: 5 }), (images, keep) => {
        const retired = new Set(imagesToRetire(images, keep));
        const stays = images.filter((image) => !retired.has(image));
        expect([...retired].some(({ inUse }) => inUse)).toBe(false);
        expect(stays.length).toBeGreaterThanOrEqual(Math.min(keep, images.length));
        for (const old of retired)
          expect(stays.filter((one) => one.createdAt > old.createdAt).length).toBeGreaterThanOrEqual(keep);
        expect(stays.filter(({ inUse }) => !inUse).length).toBeLessThanOrEqual(keep);
      }),
    );
  });

  test("a second run finds nothing more to retire", () => {
    fc.assert(
      fc.property(anyImages, fc.integer({ min: 1, max: 5 }), (images, keep) => {
        const retired = new Set(imagesToRetire(images, keep));
        expect(
          imagesToRetire(
            images.filter((image) => !retired.has(image)),
            keep,
          ),
        ).toEqual([]);
      }),
    );
  });

  test("the caller's list is left in its order", () => {
    const images = read("b2 a1 c3");
    imagesToRetire(images, 1);
    expect(images.map(({ id }) => id)).toEqual(["b", "a", "c"]);
  });
});
