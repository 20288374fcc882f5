import { EC2Client, RunInstancesCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ec2ImageStore } from "../../../../functions/ami/adapters/ec2-image-store.ts";
import { ssmImagePointers } from "../../../../functions/ami/adapters/ssm-image-pointers.ts";
import type { ImageStore } from "../../../../functions/ami/ports.ts";
import { publicParameter } from "../../../../functions/ami/resolve-source.ts";
import { TAG } from "../../../../functions/ami/tags.ts";
import { specWith } from "../fakes/fake-fleet.ts";
import { type OpenStage, openStage } from "../fakes/open-stage.ts";
import { expiredTags } from "../fakes/sample-build.ts";

const HOME = "us-east-1";
const COPY = "us-west-2";

let open: OpenStage;
let store: ImageStore;
let ec2: EC2Client;
let sourceId: string;
let instanceId: string;

beforeAll(async () => {
  open = await openStage();
  store = ec2ImageStore(open.settings());
  ec2 = new EC2Client({ region: HOME });
  sourceId = (await ssmImagePointers(open.settings()).current(HOME, publicParameter(specWith()))) ?? "";
  const run = { ImageId: sourceId, InstanceType: "r7i.large", MinCount: 1, MaxCount: 1 } as const;
  instanceId = (await ec2.send(new RunInstancesCommand(run))).Instances?.[0]?.InstanceId ?? "";
  await open.stage.clock.sleep(60_000);
});
afterAll(() => open.close());

const newImage = (name: string) => ({ name, description: "An image", tags: expiredTags() });
/** Long enough for images to become available and for describes to show them. */
const settle = () => open.stage.clock.sleep(3_600_000);

test("FreeBSD's image is described in our words", async () => {
  expect(await store.findById(HOME, sourceId)).toMatchObject({
    id: sourceId,
    state: "available",
    arch: "amd64",
  });
});

describe("an image of an instance", () => {
  test("is found by id, name and tags, is kept, copied once per token, and removed with its snapshots", async () => {
    const id = await store.createFromInstance(HOME, instanceId, newImage("first"));
    await settle();
    const image = await store.findByName(HOME, "first");
    expect(image).toMatchObject({ id, state: "available", tags: expiredTags() });
    expect(await store.listByTags(HOME, { [TAG.build]: expiredTags()[TAG.build] ?? "" })).toEqual([image]);
    expect(await store.listSnapshots(HOME, { [TAG.stage]: "test" })).toMatchObject([
      { id: image?.snapshotIds[0] },
    ]);

    const copies = [0, 1].map(() => store.copy(COPY, { region: HOME, id }, newImage("first"), "token"));
    const [one, two] = await Promise.all(copies);
    expect(one).toBe(two);
    await settle();
    expect(await store.findById(COPY, one ?? "")).toMatchObject({ name: "first", tags: expiredTags() });

    if (image === undefined) throw new Error("unreachable");
    for (const _ of ["once", "again"]) await store.keep(HOME, image);
    await settle();
    const kept = await store.findById(HOME, id);
    expect(kept?.tags).toEqual(expiredTags({ expiresAt: undefined }));
    expect((await store.listSnapshots(HOME, { [TAG.stage]: "test" }))[0]?.tags).not.toHaveProperty(
      TAG.expiresAt,
    );

    for (const _ of ["once", "again"]) await store.remove(HOME, image);
    await settle();
    expect(await store.findById(HOME, id)).toBeUndefined();
    expect(await store.listSnapshots(HOME, { [TAG.stage]: "test" })).toEqual([]);
  });

  test("whose name is taken is the one that has it, once that shows; until then it is worth another try", async () => {
    const id = await store.createFromInstance(HOME, instanceId, newImage("second"));
    const early = await store
      .createFromInstance(HOME, instanceId, newImage("second"))
      .catch((error: Error) => error.name);
    expect([id, "NotVisibleYetError"]).toContain(early);
    await settle();
    expect(await store.createFromInstance(HOME, instanceId, newImage("second"))).toBe(id);
  });
});

describe("what does not exist", () => {
  test("is undefined, or gone already, and no error", async () => {
    expect(await store.findById(HOME, "ami-0123456789abcdef0")).toBeUndefined();
    expect(await store.findByName(HOME, "nobody")).toBeUndefined();
    expect(await store.listByTags(COPY, { [TAG.stage]: "nobody" })).toEqual([]);
    await store.removeSnapshot(HOME, "snap-0123456789abcdef0");
  });
});

test("instances of an image are counted while they cost money", async () => {
  expect(await store.countInstancesOf(HOME, sourceId)).toBe(1);
  expect(await store.countInstancesOf(COPY, sourceId)).toBe(0);
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
  await settle();
  expect(await store.countInstancesOf(HOME, sourceId)).toBe(0);
});
