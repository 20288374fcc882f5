import { afterEach, expect, test } from "@jest/globals";
import { ec2Access } from "../../../../functions/ami/adapters/ec2-access.ts";
import { ec2BuilderPool } from "../../../../functions/ami/adapters/ec2-builder-pool.ts";
import { ssmImagePointers } from "../../../../functions/ami/adapters/ssm-image-pointers.ts";
import { publicParameter } from "../../../../functions/ami/resolve-source.ts";
import { sweepRegion } from "../../../../functions/ami/sweep.ts";
import { specWith } from "../fakes/fake-fleet.ts";
import { fakeImages } from "../fakes/fake-images.ts";
import { type OpenStage, openStage } from "../fakes/open-stage.ts";
import { expiredTags } from "../fakes/sample-build.ts";

const HOME = "us-east-1";
const NAME = "nightshift-test-build-base";
const PARAMETER = "/nightshift/rehearsal/builds/base/ssh-key";

let open: OpenStage | undefined;
afterEach(() => open?.close());

/** A rehearsed account with these faults, and ways in there. */
async function scene(...faults: string[]) {
  open = await openStage(...faults);
  const settings = open.settings();
  const access = ec2Access(settings);
  const pool = ec2BuilderPool(settings);
  /** Long enough for describes to show what was made. */
  const settle = () => open?.stage.clock.sleep(600_000);
  const launch = async () => {
    await access.ensureKeyPair(NAME, PARAMETER, expiredTags());
    const securityGroupId = await access.ensureDoor(NAME, expiredTags());
    const imageId = (await ssmImagePointers(settings).current(HOME, publicParameter(specWith()))) ?? "";
    return pool.launch({
      imageId,
      rootDeviceName: "/dev/sda1",
      rootVolumeGib: 10,
      instanceType: "r7i.large",
      keyName: NAME,
      securityGroupId,
      tags: expiredTags(),
      token: "token",
    });
  };
  return { access, pool, launch, settle };
}

const lagging: [why: string, fault: string][] = [
  ["the door that was made a moment ago", "ec2:AuthorizeSecurityGroupIngress:InvalidGroup.NotFound:1"],
  ["the door, for RunInstances", "ec2:RunInstances:InvalidGroup.NotFound:1"],
  ["the key pair, for RunInstances", "ec2:RunInstances:InvalidKeyPair.NotFound:1"],
];
test.each(lagging)("does not show yet, which is worth another try: %s", async (_why, fault) => {
  const { launch, settle } = await scene(fault);
  await expect(launch()).rejects.toMatchObject({ name: "NotVisibleYetError" });
  await settle();
  expect(await launch()).toMatchObject({ state: "pending" });
});

test("a parameter that another clean-up removes while all are listed is passed over", async () => {
  const { access, launch } = await scene("ssm:ListTagsForResource:InvalidResourceId:1");
  await launch();
  expect(await access.listKeyParameters("rehearsal")).toEqual([]);
  expect(await access.listKeyParameters("rehearsal")).toMatchObject([{ name: PARAMETER }]);
});

test("a sweep that dies between parameter and pair leaves what the next launch can put right", async () => {
  const { access, pool, launch, settle } = await scene();
  await pool.terminate((await launch()).id);
  await settle();
  let removals = 0;
  const dyingAtSecond = (remove: (name: string) => Promise<void>) => async (name: string) => {
    removals += 1;
    if (removals === 2) throw new Error("power failure");
    await remove(name);
  };
  const dying = {
    ...access,
    removeKeyPair: dyingAtSecond(access.removeKeyPair),
    removeKeyParameter: dyingAtSecond(access.removeKeyParameter),
  };
  const order = { stage: "rehearsal", region: HOME, tags: expiredTags(), mayRemove: () => true };
  await expect(sweepRegion(order, { images: fakeImages(), pool, access: dying })).rejects.toThrow(
    "power failure",
  );
  await access.ensureKeyPair(NAME, PARAMETER, expiredTags());
  await settle();
  expect((await access.listKeyPairs(expiredTags())).map(({ name }) => name)).toEqual([NAME]);
});
