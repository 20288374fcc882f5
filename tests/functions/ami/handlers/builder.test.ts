import { afterEach, describe, expect, test } from "@jest/globals";
import type { Claim } from "../../../../functions/ami/build.ts";
import { type BootedBuilder, BootedBuilderSchema } from "../../../../functions/ami/check-builder.ts";
import { handler as checkBuilder } from "../../../../functions/ami/handlers/check-builder.ts";
import { handler as checkProvisioning } from "../../../../functions/ami/handlers/check-provisioning.ts";
import { handler as claimBuild } from "../../../../functions/ami/handlers/claim-build.ts";
import { handler as cleanUp } from "../../../../functions/ami/handlers/clean-up.ts";
import { handler as launchBuilder } from "../../../../functions/ami/handlers/launch-builder.ts";
import { handler as resolveSource } from "../../../../functions/ami/handlers/resolve-source.ts";
import { handler as startProvisioning } from "../../../../functions/ami/handlers/start-provisioning.ts";
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

/** Looks, as the state machine does, until the builder has booted. */
async function boot(claim: Claim, launched: object): Promise<BootedBuilder> {
  let look = launched;
  for (let looks = 0; looks < 60 && !("ready" in look && look.ready === true); looks += 1) {
    await open.stage.clock.sleep(30_000);
    look = await open.call(checkBuilder, { claim, builder: look });
  }
  return BootedBuilderSchema.loose().parse(look);
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

    const booted = await boot(claim, builder);
    expect(booted).toMatchObject({ ready: true, instanceId: builder.instanceId });

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

  test("whose host key is not the console's is told nothing: no script, no pipe key", async () => {
    open = await openStage();
    const { build, claim, builder } = await launch();
    const booted = await boot(claim, builder);
    expect(booted.hostKeys[0]).toMatch(/^SHA256:.{43}$/);
    const impostor = { ...booted, hostKeys: [`SHA256:${"A".repeat(43)}`] };
    await expect(open.call(startProvisioning, { build, builder: impostor })).rejects.toMatchObject({
      name: "HostKeyMismatchError",
      message: expect.stringContaining(`SHA256:${"A".repeat(43)}`),
    });
    const wait = { attempt: 0, seconds: 20 };
    const asked = open.call(checkProvisioning, { build, claim, builder: booted, wait });
    await expect(asked).rejects.toThrow("never started"); // the true builder heard nothing
    expect(await open.call(startProvisioning, { build, builder: booted })).toMatchObject({ finished: false });
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
