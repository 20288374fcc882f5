import { afterEach, describe, expect, test } from "@jest/globals";
import { handler as checkBuilder } from "../../../../functions/ami/handlers/check-builder.ts";
import { handler as claimBuild } from "../../../../functions/ami/handlers/claim-build.ts";
import { handler as cleanUp } from "../../../../functions/ami/handlers/clean-up.ts";
import { handler as launchBuilder } from "../../../../functions/ami/handlers/launch-builder.ts";
import { handler as resolveSource } from "../../../../functions/ami/handlers/resolve-source.ts";
import { handler as validateBuild } from "../../../../functions/ami/handlers/validate-build.ts";
import { TAG } from "../../../../functions/ami/tags.ts";
import { type OpenStage, openStage } from "../fakes/open-stage.ts";

const TEMPORARY = ["instance", "volume", "key-pair", "security-group"];

let open: OpenStage;
afterEach(() => open.close());

/** Up to the launch, function after function, each given what the one before it answered. */
async function launch() {
  const request = {
    image: "base",
    time: "2026-11-22T04:00:00Z",
    executionArn: "arn:aws:states:us-east-1:1:execution:ami-build:one",
  };
  const { build } = await open.call(validateBuild, request);
  const claim = await open.call(claimBuild, { build });
  const source = await open.call(resolveSource, { build });
  const again = () => open.call(launchBuilder, { build, claim, source });
  return { build, claim, source, again, builder: await again() };
}

/** Everything temporary that exists, with the build's key. */
async function existing() {
  const all = await open.stage.cloud.inventory();
  return all.filter(({ type, name }) => TEMPORARY.includes(type) || name.includes("/builds/"));
}

describe("a builder", () => {
  test("is launched once, boots, shows its keys, and leaves nothing behind", async () => {
    open = await openStage();
    const { build, claim, builder, again } = await launch();
    expect(await again()).toMatchObject({ instanceId: builder.instanceId });
    const made = await existing();
    expect(made.map(({ type }) => type).sort()).toEqual([
      "instance",
      "key-pair",
      "parameter",
      "security-group",
      "volume",
    ]);
    for (const { tags } of made) {
      expect(tags).toMatchObject({ [TAG.build]: build.id, [TAG.expiresAt]: claim.expiresAt });
    }

    let look: object = builder;
    for (let looks = 0; looks < 60 && !("ready" in look && look.ready === true); looks += 1) {
      await open.stage.clock.sleep(30_000);
      look = await open.call(checkBuilder, { claim, builder: look });
    }
    expect(look).toMatchObject({ ready: true, instanceId: builder.instanceId });
    expect(look).toMatchObject({
      hostKeys: expect.arrayContaining([expect.stringMatching(/^SHA256:.{43}$/)]),
    });

    let progress = await open.call(cleanUp, { build });
    for (let looks = 0; looks < 40 && !progress.finished; looks += 1) {
      await open.stage.clock.sleep(15_000);
      progress = await open.call(cleanUp, { build, progress });
    }
    expect(progress.finished).toBe(true);
    expect(await existing()).toEqual([]);
    expect(new Set(progress.removed.map(({ what }) => what))).toEqual(
      new Set(["instance", "key pair", "key parameter", "security group"]),
    );
    expect(await open.call(claimBuild, { build })).toMatchObject({ generation: 2 }); // the claim was given back
  });

  const refusals: [why: string, fault: string, name: string][] = [
    [
      "no capacity is for a Retry of its own",
      "ec2:RunInstances:InsufficientInstanceCapacity",
      "NoCapacityError",
    ],
    ["a quota that was full meanwhile is final", "ec2:RunInstances:VcpuLimitExceeded", "BuildRefusedError"],
    ["EC2's own trouble is worth another try", "ec2:RunInstances:InternalError", "TransientError"],
  ];
  test.each(refusals)("is not launched: %s; and a second call does", async (_why, fault, name) => {
    open = await openStage(fault);
    const failing = launch();
    await expect(failing).rejects.toMatchObject({ name });
    await open.stage.clock.sleep(60_000); // as the Retry waits; what was made does not show at once
    const { builder } = await launch();
    expect((await existing()).filter(({ type }) => type === "instance").map(({ id }) => id)).toEqual([
      builder.instanceId,
    ]);
  });
});
