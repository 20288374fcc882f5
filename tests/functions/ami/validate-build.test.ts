import { describe, expect, test } from "@jest/globals";
import type { ImageSpec } from "#fleet";
import type { Account } from "../../../functions/ami/ports.ts";
import { TAG } from "../../../functions/ami/tags.ts";
import { type ValidationRequest, validateBuild } from "../../../functions/ami/validate-build.ts";
import { fakeAccount } from "./fakes/fake-account.ts";
import { fleetWith, pipeKeys } from "./fakes/fake-fleet.ts";
import { fakeImages } from "./fakes/fake-images.ts";
import { fakeSecrets } from "./fakes/fake-parameters.ts";
import { COPY, HOME, STAGE } from "./fakes/sample-build.ts";

interface Scene {
  readonly spec?: Partial<ImageSpec>;
  readonly account?: Account;
  readonly keys?: Record<string, string>;
  readonly images?: ReturnType<typeof fakeImages>;
  readonly request?: Partial<ValidationRequest>;
}

function validate({ spec, account, keys, images, request }: Scene = {}) {
  return validateBuild(
    {
      stage: STAGE,
      fleet: fleetWith(spec),
      image: "base",
      time: new Date("2026-11-22T04:00:00Z"),
      executionArn: "arn:one",
      ...request,
    },
    {
      images: images ?? fakeImages(),
      account: account ?? fakeAccount(),
      secrets: fakeSecrets(keys ?? pipeKeys()),
    },
  );
}

test("the shipped image, in an account with room, is described by what was asked", async () => {
  const { build, existingImageId } = await validate();
  expect(existingImageId).toBeUndefined();
  expect(build).toMatchObject({
    image: "base",
    release: "15.1",
    arch: "amd64",
    homeRegion: HOME,
    copyRegions: [COPY],
    executionArn: "arn:one",
    imageName: `nightshift-${STAGE}-${build.id}`,
  });
  expect(build.id).toBe(`base-20261122-0400-15.1-amd64-${build.recipeHash.slice(0, 8)}`);
});

test("the same request from another execution is the same build", async () => {
  const { build } = await validate();
  const again = await validate({ request: { executionArn: "arn:two" } });
  expect({ ...again.build, executionArn: "arn:one" }).toEqual(build);
});

const NO_TYPES = fakeAccount({ types: {} });
const ARM = fakeAccount({ types: { "r7i.large": { vcpus: 2, memoryGib: 16, arch: "arm64" } } });

describe("refused before it costs anything", () => {
  const rows: [why: string, scene: Scene, message: RegExp][] = [
    [
      "the home region is off",
      { account: fakeAccount({ regions: [COPY] }) },
      /region not enabled.*: us-east-1\./,
    ],
    [
      "a copy's region is off",
      { account: fakeAccount({ regions: [HOME] }) },
      /: us-west-2\..*copyTo in fleet\.yml/,
    ],
    ["both are, and both are named", { account: fakeAccount({ regions: [] }) }, /us-east-1, us-west-2/],
    ["a pipe key does not exist", { keys: {} }, /no such SSM parameter/],
    ["a pipe key of 31 bytes", { keys: pipeKeys(31) }, /31 bytes of base64, a spiped key is 32/],
    ["a pipe key of 33 bytes", { keys: pipeKeys(33) }, /33 bytes/],
    ["an empty pipe key", { keys: pipeKeys(0) }, /0 bytes/],
    ["the region does not offer the instance type", { account: NO_TYPES }, /no instance type r7i\.large/],
    [
      "the instance type is of the other architecture",
      { account: ARM },
      /r7i\.large is arm64, the image is amd64/,
    ],
    [
      "the disk would just fill the memory",
      { spec: { rootVolumeGib: 16 } },
      /16 GiB of memory.*16 GiB needs more/,
    ],
    [
      "the quota is one vCPU short",
      { account: fakeAccount({ allowedVcpus: 32, runningVcpus: 31 }) },
      /31 of 32 vCPUs.*L-1216C47A/,
    ],
    ["a new account allows nothing", { account: fakeAccount({ allowedVcpus: 0 }) }, /0 of 0 vCPUs/],
  ];
  test.each(rows)("%s", async (_why, scene, message) => {
    await expect(validate(scene)).rejects.toMatchObject({
      name: "BuildRefusedError",
      message: expect.stringMatching(message),
    });
  });

  test("an image that the fleet does not have: the error names those that it has", async () => {
    await expect(validate({ request: { image: "bsae" } })).rejects.toThrow(
      /no image "bsae".*Did you mean "base"/,
    );
  });
});

describe("just enough is enough", () => {
  const rows: [why: string, scene: Scene][] = [
    ["the last two vCPUs of the quota", { account: fakeAccount({ allowedVcpus: 32, runningVcpus: 30 }) }],
    ["a GiB of memory more than the disk", { spec: { rootVolumeGib: 15 } }],
    ["no region but home", { spec: { copyTo: [] }, account: fakeAccount({ regions: [HOME] }) }],
  ];
  test.each(rows)("%s", async (_why, scene) => {
    await expect(validate(scene)).resolves.toMatchObject({ existingImageId: undefined });
  });
});

test("the builder that a run of this very build left is what there is room for", async () => {
  const { build } = await validate();
  const full = { allowedVcpus: 32, runningVcpus: 32 };
  await expect(validate({ account: fakeAccount(full) })).rejects.toThrow("32 of 32 vCPUs");
  await expect(
    validate({ account: fakeAccount({ ...full, builderVcpus: { [build.id]: 2 } }) }),
  ).resolves.toMatchObject({ build: { id: build.id } });
  await expect(
    validate({ account: fakeAccount({ ...full, builderVcpus: { "base-20261115-0400": 2 } }) }),
  ).rejects.toThrow("32 of 32 vCPUs");
});

describe("an image of that name is there already", () => {
  const scene = async (
    region: string,
    image: { state?: "available" | "pending" | "broken"; tags?: "own" | "none" | "prod" },
  ) => {
    const { build } = await validate();
    const own = { [TAG.build]: build.id, [TAG.stage]: STAGE };
    const tags = { own, none: {}, prod: { ...own, [TAG.stage]: "prod" } }[image.tags ?? "own"];
    const images = fakeImages();
    images.put(region, { id: "ami-there", name: build.imageName, state: image.state ?? "available", tags });
    return images;
  };

  const found: [why: string, state: "available" | "pending", region: string, id: string | undefined][] = [
    ["finished by a run that died after it: taken up", "available", HOME, "ami-there"],
    ["still pending: taken up as well", "pending", HOME, "ami-there"],
    ["only a copy is there: the copy step will find it", "available", COPY, undefined],
  ];
  test.each(found)("%s", async (_why, state, region, existingImageId) => {
    expect(await validate({ images: await scene(region, { state }) })).toMatchObject({ existingImageId });
  });

  test("broken: built anew, since making the image removes it", async () => {
    expect(await validate({ images: await scene(HOME, { state: "broken" }) })).toMatchObject({
      existingImageId: undefined,
    });
  });

  test("taken up even in a full account: it needs no builder any more", async () => {
    const account = fakeAccount({ allowedVcpus: 0 });
    await expect(validate({ images: await scene(HOME, {}), account })).resolves.toMatchObject({
      existingImageId: "ami-there",
    });
  });

  const strangers: [why: string, region: string, tags: "none" | "prod"][] = [
    ["somebody made it by hand", HOME, "none"],
    ["somebody made it by hand where the copy should go", COPY, "none"],
    ["it belongs to another stage", HOME, "prod"],
  ];
  test.each(strangers)("refused: %s", async (_why, region, tags) => {
    await expect(validate({ images: await scene(region, { tags }) })).rejects.toThrow(
      new RegExp(`is taken in ${region} by ami-there, not ours`),
    );
  });
});
