import { describe, expect, test } from "@jest/globals";
import { launchBuilder } from "../../../functions/ami/launch-builder.ts";
import type { Builder, BuilderPool } from "../../../functions/ami/ports.ts";
import { TAG, temporaryTags } from "../../../functions/ami/tags.ts";
import { fakeAccess } from "./fakes/fake-access.ts";
import { specWith } from "./fakes/fake-fleet.ts";
import { fakePool } from "./fakes/fake-pool.ts";
import { expiredTags, STAGE, sampleBuild, sampleClaim } from "./fakes/sample-build.ts";

const BUILD = sampleBuild();
const SOURCE = { imageId: "ami-0freebsd", name: "FreeBSD", rootDeviceName: "/dev/sda1" };
const NAME = `nightshift-test-build-${BUILD.id}`;

function scene(claim = sampleClaim()) {
  const history: string[] = [];
  const pool = fakePool(history);
  const access = fakeAccess(history);
  const launch = (other: BuilderPool = pool) =>
    launchBuilder(
      { stage: STAGE, spec: specWith(), build: BUILD, claim, source: SOURCE },
      { access, pool: other },
    );
  return { history, pool, access, launch };
}

describe("a builder is launched", () => {
  test("after its key pair and its door, and with everything tagged and dated", async () => {
    const { history, pool, access, launch } = scene();
    expect(await launch()).toBe("i-made1");
    expect(history).toEqual([`key pair ${NAME}`, `door ${NAME}`, `launch with ${NAME} and sg-${NAME}`]);
    expect(pool.launched[0]).toMatchObject({
      imageId: SOURCE.imageId,
      instanceType: "r7i.large",
      rootVolumeGib: 10,
      tags: temporaryTags(STAGE, BUILD, sampleClaim()),
    });
    expect(access.existing()).toEqual([`sg-${NAME}`, NAME, `/nightshift/test/builds/${BUILD.id}/ssh-key`]);
  });

  test("once: a second call takes up the first one's", async () => {
    const { pool, launch } = scene();
    expect([await launch(), await launch()]).toEqual(["i-made1", "i-made1"]);
    expect(pool.launched).toHaveLength(1);
  });

  test("once, even while the first does not show in a describe yet: the token is the same", async () => {
    const { pool, launch } = scene();
    const blind: BuilderPool = { ...pool, listByTags: async () => [] };
    expect([await launch(blind), await launch(blind)]).toEqual(["i-made1", "i-made1"]);
    expect(pool.launched).toHaveLength(1);
  });

  const earlier: [why: string, state: Builder["state"], launches: number][] = [
    ["one that boots is taken up", "pending", 0],
    ["one that runs is taken up", "running", 0],
    ["one that is stopping is lost: another is launched", "stopping", 1],
    ["one that is gone: another is launched", "gone", 1],
  ];
  test.each(earlier)("an earlier run left one: %s", async (_why, state, launches) => {
    const { pool, launch } = scene();
    pool.put({ id: "i-earlier", state, tags: expiredTags() });
    expect(await launch()).toBe(launches === 0 ? "i-earlier" : "i-made1");
    expect(pool.launched).toHaveLength(launches);
  });

  const strangers: [why: string, tags: Readonly<Record<string, string>>][] = [
    ["another stage", expiredTags({ stage: "prod" })],
    ["another build", expiredTags({ build: "base-20261115-0400" })],
    ["nobody's", { [TAG.image]: "base" }],
  ];
  test.each(strangers)("a builder of %s is not taken up", async (_why, tags) => {
    const { pool, launch } = scene();
    pool.put({ id: "i-stranger", tags });
    expect(await launch()).toBe("i-made1");
  });

  test("each dead one, and each generation, makes the token another", async () => {
    const tokens: (string | undefined)[] = [];
    for (const [dead, generation] of [
      [0, 1],
      [1, 1],
      [2, 1],
      [0, 2],
    ] as const) {
      const { pool, launch } = scene(sampleClaim({ generation }));
      for (let one = 0; one < dead; one += 1)
        pool.put({ id: `i-dead${one}`, state: "gone", tags: expiredTags() });
      await launch();
      tokens.push(pool.launched[0]?.token);
    }
    expect(new Set(tokens).size).toBe(4);
  });
});

test("a token whose builder has died meanwhile: lost, and the reason is told", async () => {
  const { pool, launch } = scene();
  const blind: BuilderPool = { ...pool, listByTags: async () => [] };
  await launch(blind);
  pool.put({ id: "i-made1", state: "gone", stateReason: "Server.SpotInstanceTermination" });
  await expect(launch(blind)).rejects.toMatchObject({
    name: "BuilderLostError",
    message: expect.stringContaining("i-made1 is gone: Server.SpotInstanceTermination"),
  });
});
