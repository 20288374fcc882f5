import { describe, expect, test } from "@jest/globals";
import { reapRegion } from "../../../functions/ami/reap-region.ts";
import type { Tags } from "../../../functions/ami/tags.ts";
import { fakeExecutions } from "./fakes/fake-account.ts";
import { fakeRegion, litterOf } from "./fakes/fake-region.ts";
import { expiredTags, HOME, NOW, STAGE, sampleBuild } from "./fakes/sample-build.ts";

const ARN = sampleBuild().executionArn;

function scene(running: string[] = []) {
  const region = fakeRegion(HOME);
  const executions = fakeExecutions(running);
  const reap = () => reapRegion({ stage: STAGE, region: HOME, now: NOW }, { ...region, executions });
  return { region, executions, reap };
}

describe("what a dead run left behind", () => {
  test("goes, all of it, and is reported once each", async () => {
    const { region, reap } = scene();
    region.litter("dead", expiredTags());
    const { removed } = await reap();
    expect(region.existing()).toEqual([]);
    expect(removed.map(({ what, id }) => `${what} ${id}`)).toEqual([
      "image ami-dead",
      "snapshot snap-dead",
      "instance i-dead",
      "volume vol-dead",
      "security group sg-dead",
      "key parameter /nightshift/test/builds/dead/ssh-key",
      "key pair key-dead",
    ]);
    expect(new Set(removed.map((one) => one.region))).toEqual(new Set([HOME]));
  });

  test("goes without a word about an execution: nobody can say that it runs", async () => {
    const { region, reap } = scene();
    region.litter("dead", expiredTags({ execution: undefined }));
    await reap();
    expect(region.existing()).toEqual([]);
  });

  test("a second sweep finds nothing, and does nothing", async () => {
    const { region, reap } = scene();
    region.litter("dead", expiredTags());
    await reap();
    region.pool.settle();
    const before = region.history.length;
    expect(await reap()).toEqual({ removed: [], pending: [] });
    expect(region.history).toHaveLength(before);
  });

  test("a builder that was stopped is ended: it still costs money, and will not go by itself", async () => {
    const { region, reap } = scene();
    region.pool.put({ id: "i-stopped", state: "stopping", stateReason: "stopped", tags: expiredTags() });
    expect((await reap()).pending.map(({ id }) => id)).toEqual(["i-stopped"]);
    expect(region.history).toEqual(["terminate i-stopped"]);
  });

  test("an instance on its way out is pending, not removed once more", async () => {
    const { region, reap } = scene();
    region.pool.put({ id: "i-dead", tags: expiredTags() });
    region.access.putDoor("sg-dead", expiredTags());
    region.access.inUse.add("sg-dead");
    const first = await reap();
    expect(first.removed.map(({ id }) => id)).toEqual(["i-dead"]);
    expect(first.pending.map(({ id }) => id)).toEqual(["i-dead", "sg-dead"]);
    const second = await reap();
    expect(second.removed).toEqual([]);
    expect(second.pending.map(({ id }) => id)).toEqual(["i-dead", "sg-dead"]);
    region.pool.settle();
    region.access.inUse.clear();
    expect((await reap()).removed.map(({ id }) => id)).toEqual(["sg-dead"]);
  });
});

describe("what refuses to go keeps nothing else from going", () => {
  const refuse = () => Promise.reject(new Error("OperationNotPermitted"));

  test("a snapshot that EC2 believes in use, as it may for a while after its image is gone, is pending", async () => {
    const { region, reap } = scene();
    region.litter("dead", expiredTags());
    region.images.snapshotsInUse.add("snap-dead");
    expect((await reap()).pending.map(({ id }) => id)).toEqual(["snap-dead", "i-dead"]);
    expect(region.existing()).toEqual(["snap-dead"]);
  });

  test("an image: the builder that costs money is ended all the same, and the refusal is told", async () => {
    const { region, executions } = scene();
    region.litter("dead", expiredTags());
    region.images.put(HOME, { id: "ami-other", snapshotIds: [], tags: expiredTags() });
    const { remove } = region.images;
    const images: typeof region.images = {
      ...region.images,
      remove: (name, image) => (image.id === "ami-dead" ? refuse() : remove(name, image)),
    };
    const request = { stage: STAGE, region: HOME, now: NOW };
    await expect(reapRegion(request, { ...region, images, executions })).rejects.toThrow(
      "OperationNotPermitted",
    );
    expect(region.existing()).toEqual(["ami-dead"]);
  });

  test("a list that is not answered", async () => {
    const { region, executions } = scene();
    region.litter("dead", expiredTags());
    const images = { ...region.images, listByTags: refuse, listSnapshots: refuse };
    const request = { stage: STAGE, region: HOME, now: NOW };
    await expect(reapRegion(request, { ...region, images, executions })).rejects.toThrow(
      "OperationNotPermitted",
    );
    expect(region.existing()).toEqual(["ami-dead", "snap-dead", "snap-of-ami-dead"]);
  });

  test("but for a key pair whose parameter stays: a run that is taken up would miss it", async () => {
    const { region, executions } = scene();
    region.litter("dead", expiredTags());
    const access = { ...region.access, removeKeyParameter: refuse };
    const request = { stage: STAGE, region: HOME, now: NOW };
    await expect(reapRegion(request, { ...region, access, executions })).rejects.toThrow(
      "OperationNotPermitted",
    );
    expect(region.existing()).toEqual(["/nightshift/test/builds/dead/ssh-key", "key-dead"]);
  });
});

describe("look-alikes are never touched", () => {
  const rows: [why: string, tags: Tags][] = [
    ["without any tags", {}],
    ["named like ours, but not tagged", { Name: sampleBuild().imageName }],
    ["of another stage", expiredTags({ stage: "prod" })],
    ["of a stage whose name begins like ours", expiredTags({ stage: `${STAGE}2` })],
    ["without a build: made by hand or by the deployment", expiredTags({ build: undefined })],
    ["expires in the future", expiredTags({ expiresAt: "2026-11-22T05:00:01Z" })],
    ["published: without an expiry", expiredTags({ expiresAt: undefined })],
    ["with an expiry that nobody can read", expiredTags({ expiresAt: "soon" })],
  ];
  test.each(rows)("%s", async (_why, tags) => {
    const { region, reap } = scene();
    region.litter("like", tags);
    region.litter("dead", expiredTags());
    await reap();
    expect(region.existing()).toEqual(litterOf("like"));
  });

  test("of an execution that still runs, past its expiry or not", async () => {
    const { region, executions, reap } = scene([ARN]);
    region.litter("like", expiredTags());
    region.litter("dead", expiredTags({ execution: `${ARN}-before` }));
    await reap();
    expect(region.existing()).toEqual(litterOf("like"));
    expect(executions.asked.sort()).toEqual([ARN, `${ARN}-before`]); // each is asked about once
  });

  test("whose place is between ours: a parameter of another stage's builds", async () => {
    const { region, reap } = scene();
    region.litter("prod", expiredTags({ stage: "prod" }), "prod");
    await reap();
    expect(region.existing()).toEqual(litterOf("prod", "prod"));
  });

  test("nor is anybody asked about executions of what has not expired", async () => {
    const { region, executions, reap } = scene();
    region.litter("like", expiredTags({ expiresAt: "2099-01-01T00:00:00Z" }));
    await reap();
    expect(executions.asked).toEqual([]);
  });
});
