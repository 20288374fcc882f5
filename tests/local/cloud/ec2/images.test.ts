import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  CopyImageCommand,
  type CopyImageCommandInput,
  CreateImageCommand,
  type CreateImageCommandInput,
  DeleteSnapshotCommand,
  DeregisterImageCommand,
  DescribeImageAttributeCommand,
  DescribeImagesCommand,
  type DescribeImagesCommandInput,
  DescribeSnapshotsCommand,
  ModifyImageAttributeCommand,
  paginateDescribeImages,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { failure, openRehearsedAccount, type RehearsedAccount } from "../rehearsed-account.ts";

const FREEBSD = "/aws/service/freebsd/amd64/builder/ufs/15.1/RELEASE";

let account: RehearsedAccount;
let builder: string;

async function launch(of: RehearsedAccount): Promise<string> {
  const parameter = await of.ssm.send(new GetParameterCommand({ Name: FREEBSD }));
  const made = await of.ec2.send(
    new RunInstancesCommand({
      ImageId: parameter.Parameter?.Value,
      InstanceType: "r7i.large",
      MinCount: 1,
      MaxCount: 1,
    }),
  );
  of.wait(30);
  return made.Instances?.[0]?.InstanceId ?? "";
}

beforeAll(async () => {
  account = await openRehearsedAccount();
  builder = await launch(account);
});
afterAll(() => account.close());

async function create(input: Partial<CreateImageCommandInput> & { Name: string }): Promise<string> {
  const made = await account.ec2.send(
    new CreateImageCommand({ InstanceId: builder, NoReboot: true, ...input }),
  );
  return made.ImageId ?? "";
}

async function describeIn(region: string, input: DescribeImagesCommandInput) {
  return (await account.in(region).ec2.send(new DescribeImagesCommand(input))).Images ?? [];
}

const find = async (id: string, region = "us-east-1") => (await describeIn(region, { ImageIds: [id] }))[0];

const copy = (region: string, input: Partial<CopyImageCommandInput>) =>
  account
    .in(region)
    .ec2.send(
      new CopyImageCommand({ Name: "copy", SourceRegion: "us-east-1", SourceImageId: undefined, ...input }),
    );

test("FreeBSD's public images: every parameter names one, the same in every rehearsal", async () => {
  const images = await describeIn("us-west-2", { Owners: ["782442783595"] });
  expect(images).toHaveLength(4 * 2 * 4 * 2); // releases, architectures, flavours, file systems
  expect(new Set(images.map(({ ImageId }) => ImageId)).size).toBe(images.length);
  const named = await account.ssm.send(new GetParameterCommand({ Name: FREEBSD }));
  expect(await find(named.Parameter?.Value ?? "")).toMatchObject({
    Name: "FreeBSD 15.1-RELEASE-amd64 builder UFS",
    BootMode: "uefi-preferred",
    RootDeviceName: "/dev/sda1",
    Public: true,
    State: "available",
  });
  const arm = await account.ssm.send(
    new GetParameterCommand({ Name: "/aws/service/freebsd/arm64/base/zfs/14.3/RELEASE" }),
  );
  expect(await find(arm.Parameter?.Value ?? "")).toMatchObject({ Architecture: "arm64", BootMode: "uefi" });
});

test("an image's life: pending behind its lag, available, IMDSv2, deregistered, its snapshot left or taken along", async () => {
  const tags = [{ Key: "build", Value: "b1" }];
  const id = await create({
    Name: "life of an image",
    Description: "made by a test",
    TagSpecifications: [
      { ResourceType: "image", Tags: tags },
      { ResourceType: "snapshot", Tags: tags },
    ],
  });
  expect(await failure(find(id))).toBe(`InvalidAMIID.NotFound: The image id '[${id}]' does not exist`);
  expect(
    await describeIn("us-east-1", { Owners: ["self"], Filters: [{ Name: "name", Values: ["life*"] }] }),
  ).toEqual([]);
  account.wait(5);
  const pending = await find(id);
  expect(pending).toMatchObject({ State: "pending", Tags: tags, SourceInstanceId: builder, Public: false });
  const SnapshotIds = [pending?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId ?? ""];
  const halfway = async () =>
    (await account.ec2.send(new DescribeSnapshotsCommand({ SnapshotIds }))).Snapshots?.[0];
  account.wait(91); // of 192 s for 8 GiB
  expect(await halfway()).toMatchObject({ State: "pending", Progress: "50%", Tags: tags });
  const imds = new ModifyImageAttributeCommand({ ImageId: id, ImdsSupport: { Value: "v2.0" } });
  expect(await failure(account.ec2.send(imds))).toBe(
    `InvalidAMIID.Unavailable: The AMI ID '${id}' is currently pending and may not be used for this operation`,
  );
  account.wait(100);
  expect(await halfway()).toMatchObject({ State: "completed", Progress: "100%" });
  expect(await find(id)).toMatchObject({ State: "available", EnaSupport: true });
  expect((await find(id))?.ImdsSupport).toBeUndefined(); // CreateImage never sets it
  await account.ec2.send(imds);
  const attribute = new DescribeImageAttributeCommand({ ImageId: id, Attribute: "imdsSupport" });
  expect((await account.ec2.send(attribute)).ImdsSupport?.Value).toBe("v2.0");

  const tree = account.cloud.imageTree(id);
  expect(tree?.problems).toEqual([]);
  expect(await readFile(join(tree?.folder ?? "", "rc.conf"), "utf8")).toBe(`hostname="${builder}"\n`);

  const deleteSnapshot = () => account.ec2.send(new DeleteSnapshotCommand({ SnapshotId: SnapshotIds[0] }));
  expect(await failure(deleteSnapshot())).toBe(
    `InvalidSnapshot.InUse: The snapshot ${SnapshotIds[0]} is currently in use by ${id}`,
  );
  await account.ec2.send(new DeregisterImageCommand({ ImageId: id }));
  expect(await failure(find(id))).toMatch(/^InvalidAMIID.NotFound/);
  expect(await halfway()).toMatchObject({ State: "completed" }); // left behind
  await deleteSnapshot();
  expect(await failure(deleteSnapshot())).toMatch(/^InvalidSnapshot.NotFound/);

  const second = await create({ Name: "life of an image" }); // the name is free again
  const gone = await account.ec2.send(
    new DeregisterImageCommand({ ImageId: second, DeleteAssociatedSnapshots: true }),
  );
  expect(gone.DeleteSnapshotResults).toMatchObject([{ ReturnCode: "success" }]);
});

test("a name is taken from the moment of the first call, in its region only", async () => {
  const id = await create({ Name: "taken" });
  expect(await failure(create({ Name: "taken" }))).toBe(
    `InvalidAMIName.Duplicate: AMI name taken is already in use by AMI ${id}`,
  );
  account.wait(300);
  const elsewhere = await copy("us-west-2", { SourceImageId: id, Name: "taken" });
  expect(elsewhere.ImageId).not.toBe(id);
});

describe("names that EC2 refuses", () => {
  test.each([
    ["too short", "ab"],
    ["too long", "x".repeat(129)],
    ["a plus sign", "a+b"],
    ["a colon", "2026:11"],
  ])("%s", async (_why, Name) => {
    expect(await failure(create({ Name }))).toMatch(
      /^InvalidAMIName.Malformed: AMI names must be between 3 and 128/,
    );
  });
});

test("without NoReboot the builder reboots first, and the image shows it", async () => {
  const id = await create({ Name: "rebooted", NoReboot: false });
  expect(account.machines[0]?.events.slice(-2)).toEqual(["reboot", "captureDisk"]);
  expect(account.cloud.imageTree(id)?.problems).toEqual(["the product's first boot ran"]);
});

test("only a running instance gives an image", async () => {
  const InstanceId = await launch(account);
  const { TerminateInstancesCommand } = await import("@aws-sdk/client-ec2");
  await account.ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
  expect(await failure(create({ Name: "too late", InstanceId }))).toBe(
    `InvalidParameterValue: Invalid value '${InstanceId}' for instanceId. Instance is not in state 'running' or 'stopped'`,
  );
});

test("a copy: the source must be available, the token makes it once, tree and tags come along", async () => {
  const id = await create({
    Name: "to be copied",
    TagSpecifications: [{ ResourceType: "image", Tags: [{ Key: "from", Value: "home" }] }],
  });
  expect(await failure(copy("us-west-2", { SourceImageId: id }))).toMatch(/^InvalidAMIID.Unavailable/);
  account.wait(300);
  const request = { SourceImageId: id, Name: "copied", ClientToken: "c1", CopyImageTags: true };
  const made = await copy("us-west-2", request);
  expect((await copy("us-west-2", request)).ImageId).toBe(made.ImageId);
  expect(await failure(copy("us-west-2", { ...request, Name: "other" }))).toMatch(
    /^IdempotentParameterMismatch/,
  );
  const copyId = made.ImageId ?? "";
  account.wait(5);
  expect(await find(copyId, "us-west-2")).toMatchObject({
    State: "pending",
    Name: "copied",
    SourceImageId: id,
    SourceImageRegion: "us-east-1",
    Tags: [{ Key: "from", Value: "home" }],
  });
  expect(await failure(find(copyId, "us-east-1"))).toMatch(/^InvalidAMIID.NotFound/); // regions share nothing
  account.wait(300);
  expect(await find(copyId, "us-west-2")).toMatchObject({ State: "available" });
  const tree = account.cloud.imageTree(copyId);
  expect(await readFile(join(tree?.folder ?? "", "rc.conf"), "utf8")).toContain(builder);
  expect(
    await failure(copy("us-west-2", { SourceImageId: id, SourceRegion: "ap-east-1", Name: "far" })),
  ).toMatch(/^InvalidParameterValue: Invalid source region: ap-east-1/);
});

test("own images page, one at a time if one likes", async () => {
  const names: string[] = [];
  const listing = paginateDescribeImages(
    { client: account.ec2, pageSize: 1 },
    { Owners: ["self"], Filters: [{ Name: "name", Values: ["taken", "rebooted"] }] },
  );
  for await (const page of listing) names.push(...(page.Images ?? []).map(({ Name = "" }) => Name));
  expect(names.sort()).toEqual(["rebooted", "taken"]);
});

test("situations: an image that ends in failed, a copy that fails in one region", async () => {
  const broken = await openRehearsedAccount({ situations: ["copy-failed@us-west-2"] });
  const InstanceId = await launch(broken);
  const made = await broken.ec2.send(new CreateImageCommand({ InstanceId, Name: "source", NoReboot: true }));
  broken.wait(300);
  const states: Record<string, string | undefined> = {};
  for (const region of ["us-west-2", "eu-west-1"]) {
    const { ec2 } = broken.in(region);
    const input = { Name: "copy", SourceRegion: "us-east-1", SourceImageId: made.ImageId };
    const { ImageId = "" } = await ec2.send(new CopyImageCommand(input));
    broken.wait(600);
    const [image] = (await ec2.send(new DescribeImagesCommand({ ImageIds: [ImageId] }))).Images ?? [];
    states[region] = image?.State;
  }
  expect(states).toEqual({ "us-west-2": "failed", "eu-west-1": "available" });
  await broken.close();
});
