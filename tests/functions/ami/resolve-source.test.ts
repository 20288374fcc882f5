import { describe, expect, test } from "@jest/globals";
import type { ImageSpec } from "#fleet";
import type { Image } from "../../../functions/ami/ports.ts";
import { publicParameter, resolveSource } from "../../../functions/ami/resolve-source.ts";
import { specWith } from "./fakes/fake-fleet.ts";
import { fakeImages } from "./fakes/fake-images.ts";
import { fakePointers } from "./fakes/fake-parameters.ts";
import { HOME, sampleBuild } from "./fakes/sample-build.ts";

const PUBLIC = "ami-0freebsd";
const OWN = "ami-0123456789abcdef0";

function resolve(spec: Partial<ImageSpec>, image: Partial<Image> | undefined, published = true) {
  const whole = specWith(spec);
  const pointers = fakePointers();
  if (published) pointers.values.set(`${HOME} ${publicParameter(whole)}`, PUBLIC);
  const images = fakeImages();
  if (image !== undefined)
    images.put(HOME, { id: PUBLIC, name: "FreeBSD 15.1-RELEASE-amd64 builder", ...image });
  return resolveSource(whole, sampleBuild(), { pointers, images });
}

test.each([
  ["amd64", {}, "/aws/service/freebsd/amd64/builder/ufs/15.1/RELEASE"],
  ["arm64, not aarch64", { arch: "arm64" as const }, "/aws/service/freebsd/arm64/builder/ufs/15.1/RELEASE"],
  [
    "another release on ZFS",
    { release: "14.3", filesystem: "zfs" as const },
    "/aws/service/freebsd/amd64/builder/zfs/14.3/RELEASE",
  ],
])("FreeBSD's parameter for %s", (_why, spec, name) => {
  expect(publicParameter(specWith(spec))).toBe(name);
});

describe("the image that a builder starts from", () => {
  test("is the one that FreeBSD publishes", async () => {
    expect(await resolve({}, {})).toEqual({
      imageId: PUBLIC,
      name: "FreeBSD 15.1-RELEASE-amd64 builder",
      rootDeviceName: "/dev/sda1",
    });
  });

  test("is the one that the fleet names, published or not", async () => {
    expect(await resolve({ sourceAmi: OWN }, { id: OWN }, false)).toMatchObject({ imageId: OWN });
  });

  test("may fill the disk to the brim", async () => {
    await expect(resolve({ rootVolumeGib: 10 }, { rootSnapshotGib: 10 })).resolves.toMatchObject({
      imageId: PUBLIC,
    });
  });
});

describe("refused, with what to do", () => {
  const rows: [why: string, spec: Partial<ImageSpec>, image: Partial<Image> | undefined, message: RegExp][] =
    [
      [
        "the parameter names an image that is gone",
        {},
        undefined,
        /ami-0freebsd is not available in us-east-1/,
      ],
      ["the image is not finished", {}, { state: "pending" }, /is not available/],
      ["the image failed", {}, { state: "broken" }, /is not available/],
      ["the other architecture", {}, { arch: "arm64" }, /is arm64, the fleet asks for amd64/],
      [
        "the disk is too small for it",
        { rootVolumeGib: 8 },
        { rootSnapshotGib: 9 },
        /rootVolumeGib is 8.*at least 9/,
      ],
      [
        "the image that the fleet names does not exist",
        { sourceAmi: OWN },
        {},
        /ami-0123456789abcdef0 is not available/,
      ],
    ];
  test.each(rows)("%s", async (_why, spec, image, message) => {
    await expect(resolve(spec, image)).rejects.toMatchObject({
      name: "BuildRefusedError",
      message: expect.stringMatching(message),
    });
  });

  test("a release without an image names the parameter that was asked for", async () => {
    await expect(resolve({ release: "15.9" }, {}, false)).rejects.toThrow(
      /no builder image for 15\.9 amd64 ufs in us-east-1 \(no parameter \/aws\/service\/freebsd.*sourceAmi/,
    );
  });
});
