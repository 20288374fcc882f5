import { CreateImageCommand, EC2Client, RunInstancesCommand } from "@aws-sdk/client-ec2";
import { DeleteParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterEach, describe, expect, test } from "@jest/globals";
import { ec2ImageStore } from "../../../../functions/ami/adapters/ec2-image-store.ts";
import { ssmImagePointers } from "../../../../functions/ami/adapters/ssm-image-pointers.ts";
import { handler as claimBuild } from "../../../../functions/ami/handlers/claim-build.ts";
import { handler as validateBuild } from "../../../../functions/ami/handlers/validate-build.ts";
import { resolveSource } from "../../../../functions/ami/resolve-source.ts";
import { specWith } from "../fakes/fake-fleet.ts";
import { type OpenStage, openStage } from "../fakes/open-stage.ts";

/** As the state ValidateBuild passes it on from the schedule. */
const EVENT = {
  image: "base",
  time: "2026-11-22T04:00:00Z",
  executionArn: "arn:aws:states:us-east-1:123456789012:execution:ami-build:weekly-1",
};

let open: OpenStage;
afterEach(() => open.close());

const validate = (event: object = EVENT) => open.call(validateBuild, event);

test("a whole event becomes a build, and the next function takes it as it is", async () => {
  open = await openStage();
  const { build, existingImageId } = await validate();
  expect(existingImageId).toBeNull(); // null, not undefined: the state machine looks at it
  expect(build).toMatchObject({
    image: "base",
    executionArn: EVENT.executionArn,
    copyRegions: ["us-west-2"],
  });
  const claim = await open.call(claimBuild, { build: JSON.parse(JSON.stringify(build)) });
  expect(claim).toMatchObject({ generation: 1, inspectedInstanceId: "" });
  const { deadlineMinutes } = specWith();
  const minutes = (Date.parse(claim.deadlineAt) - open.stage.clock.now().getTime()) / 60_000;
  expect(minutes).toBeGreaterThan(deadlineMinutes - 1);
  expect(minutes).toBeLessThanOrEqual(deadlineMinutes);
});

test("an image that the fleet does not have is named, with the nearest", async () => {
  open = await openStage();
  await expect(validate({ ...EVENT, image: "bsae" })).rejects.toThrow(/no image "bsae".*Did you mean "base"/);
});

test("a pipe key that is missing in SSM is named, with the command that makes it", async () => {
  open = await openStage();
  const ssm = new SSMClient({ region: "us-east-1" });
  await ssm.send(new DeleteParameterCommand({ Name: "/nightshift/pipes/PKG" }));
  await expect(validate()).rejects.toMatchObject({
    name: "BuildRefusedError",
    message: expect.stringMatching(/\/nightshift\/pipes\/PKG\..*aws ssm put-parameter/),
  });
});

test("the name was taken by hand: refused before anything is made", async () => {
  open = await openStage();
  const { build } = await validate();
  const settings = open.settings();
  const source = await resolveSource(specWith(), build, {
    pointers: ssmImagePointers(settings),
    images: ec2ImageStore(settings),
  });
  const ec2 = new EC2Client({ region: "us-east-1" });
  const run = new RunInstancesCommand({
    ImageId: source.imageId,
    InstanceType: "r7i.large",
    MinCount: 1,
    MaxCount: 1,
  });
  const { Instances } = await ec2.send(run);
  await open.stage.clock.sleep(600_000);
  const InstanceId = Instances?.[0]?.InstanceId;
  await ec2.send(new CreateImageCommand({ InstanceId, Name: build.imageName, NoReboot: true }));
  await open.stage.clock.sleep(60_000);
  await expect(validate()).rejects.toMatchObject({
    name: "BuildRefusedError",
    message: expect.stringContaining("not ours"),
  });
});

describe("AWS is not itself: named for the Retry, or not at all", () => {
  const rows: [why: string, fault: string, name: string][] = [
    ["EC2 throttles", "ec2:DescribeRegions:RequestLimitExceeded", "TransientError"],
    ["SSM has trouble", "ssm:GetParameters:InternalServerError", "TransientError"],
    [
      "the role lacks a permission: trying again cannot help",
      "ec2:DescribeImages:UnauthorizedOperation",
      "UnauthorizedOperation",
    ],
  ];
  test.each(rows)("%s", async (_why, fault, name) => {
    open = await openStage(fault);
    await expect(validate()).rejects.toMatchObject({ name });
    await expect(validate()).resolves.toMatchObject({ existingImageId: null });
  });
});
