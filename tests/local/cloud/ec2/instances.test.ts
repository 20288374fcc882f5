import {
  AuthorizeSecurityGroupIngressCommand,
  CreateKeyPairCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DeleteVolumeCommand,
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  DescribeVolumesCommand,
  GetConsoleOutputCommand,
  paginateDescribeInstances,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { failure, openRehearsedAccount, type RehearsedAccount } from "../rehearsed-account.ts";

let account: RehearsedAccount;
let imageId: string;
let base: RunInstancesCommandInput;

beforeAll(async () => {
  account = await openRehearsedAccount();
  const parameter = await account.ssm.send(
    new GetParameterCommand({ Name: "/aws/service/freebsd/amd64/builder/ufs/15.1/RELEASE" }),
  );
  imageId = parameter.Parameter?.Value ?? "";
  base = { ImageId: imageId, InstanceType: "r7i.large", MinCount: 1, MaxCount: 1 };
});
afterAll(() => account.close());

const run = (input: Partial<RunInstancesCommandInput> = {}) =>
  account.ec2.send(new RunInstancesCommand({ ...base, ...input }));

async function launch(input: Partial<RunInstancesCommandInput> = {}): Promise<string> {
  const made = await run(input);
  return made.Instances?.[0]?.InstanceId ?? "";
}

async function find(id: string) {
  const found = await account.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  return found.Reservations?.[0]?.Instances?.[0];
}

const terminate = (...InstanceIds: string[]) =>
  account.ec2.send(new TerminateInstancesCommand({ InstanceIds }));

test("an instance's life: pending, running, shutting down, terminated, forgotten", async () => {
  await account.ec2.send(new CreateKeyPairCommand({ KeyName: "life", KeyType: "ed25519" }));
  const group = await account.ec2.send(
    new CreateSecurityGroupCommand({ GroupName: "life", Description: "for the test" }),
  );
  const GroupId = group.GroupId ?? "";
  const made = await run({
    KeyName: "life",
    SecurityGroupIds: [GroupId],
    InstanceInitiatedShutdownBehavior: "terminate",
    MetadataOptions: { HttpTokens: "required" },
    BlockDeviceMappings: [
      { DeviceName: "/dev/sda1", Ebs: { VolumeSize: 10, VolumeType: "gp3", VolumeInitializationRate: 300 } },
    ],
    TagSpecifications: [
      { ResourceType: "instance", Tags: [{ Key: "Name", Value: "builder" }] },
      { ResourceType: "volume", Tags: [{ Key: "disk", Value: "root" }] },
    ],
  });
  const id = made.Instances?.[0]?.InstanceId ?? "";
  expect(made.Instances?.[0]).toMatchObject({
    State: { Name: "pending", Code: 0 },
    ImageId: imageId,
    Architecture: "x86_64",
    MetadataOptions: { HttpTokens: "required", State: "applied" },
    CpuOptions: { CoreCount: 1, ThreadsPerCore: 2 },
    Tags: [{ Key: "Name", Value: "builder" }],
  });
  const [machine] = account.machines;
  expect(machine?.spec).toMatchObject({
    instanceId: id,
    image: { release: "15.1", arch: "amd64", flavour: "builder", filesystem: "ufs" },
    volumeInitializationRateMibPerSecond: 300,
  });
  expect(machine?.spec.authorizedKey).toMatch(/^ssh-ed25519 /);

  account.wait(10);
  expect(await find(id)).toMatchObject({ State: { Name: "running" }, PublicIpAddress: "127.1.0.1" });
  const status = await account.ec2.send(new DescribeInstanceStatusCommand({ InstanceIds: [id] }));
  expect(status.InstanceStatuses?.[0]).toMatchObject({ InstanceStatus: { Status: "ok" } });
  const { Volumes = [] } = await account.ec2.send(
    new DescribeVolumesCommand({ Filters: [{ Name: "attachment.instance-id", Values: [id] }] }),
  );
  expect(Volumes).toMatchObject([
    { State: "in-use", Size: 10, VolumeInitializationRate: 300, Tags: [{ Key: "disk", Value: "root" }] },
  ]);
  expect(
    await failure(account.ec2.send(new DeleteVolumeCommand({ VolumeId: Volumes[0]?.VolumeId }))),
  ).toMatch(/^VolumeInUse/);
  const inUse = account.ec2.send(new DeleteSecurityGroupCommand({ GroupId }));
  expect(await failure(inUse)).toBe(`DependencyViolation: resource ${GroupId} has a dependent object`);

  const ended = await terminate(id);
  expect(ended.TerminatingInstances?.[0]).toMatchObject({
    PreviousState: { Name: "running" },
    CurrentState: { Name: "shutting-down" },
  });
  expect(machine?.events).toEqual(["stop"]);
  account.wait(21);
  expect(await find(id)).toMatchObject({
    State: { Name: "terminated" },
    StateReason: { Code: "Client.UserInitiatedShutdown" },
    BlockDeviceMappings: [],
  });
  expect((await find(id))?.PublicIpAddress).toBeUndefined();
  expect(
    await failure(account.ec2.send(new DescribeVolumesCommand({ VolumeIds: [Volumes[0]?.VolumeId ?? ""] }))),
  ).toMatch(/^InvalidVolume.NotFound/);
  await account.ec2.send(new DeleteSecurityGroupCommand({ GroupId }));
  await terminate(id); // a second time does no harm
  account.wait(3600);
  expect(await failure(find(id))).toBe(`InvalidInstanceID.NotFound: The instance ID '${id}' does not exist`);
});

test("describes lag behind the launch, by id and by filter; tags made at launch show with it", async () => {
  const id = await launch({
    TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "lag", Value: "yes" }] }],
  });
  const byTag = () =>
    account.ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: "tag:lag", Values: ["y*"] }] }));
  expect(await failure(find(id))).toMatch(/^InvalidInstanceID.NotFound/);
  expect((await byTag()).Reservations).toEqual([]);
  account.wait(2);
  expect((await find(id))?.InstanceId).toBe(id);
  expect((await byTag()).Reservations).toHaveLength(1);
  await terminate(id);
});

test("the console grows, travels as base64, and is empty without Latest", async () => {
  const id = await launch();
  account.wait(125);
  const latest = await account.ec2.send(new GetConsoleOutputCommand({ InstanceId: id, Latest: true }));
  const text = Buffer.from(latest.Output ?? "", "base64").toString("latin1");
  expect(text).toBe("minute 0: \xfc\r\nminute 1: \xfc\r\nminute 2: \xfc\r\n");
  const posted = await account.ec2.send(new GetConsoleOutputCommand({ InstanceId: id }));
  expect(posted.Output ?? "").toBe("");
  await terminate(id);
});

test("one client token makes one instance, also when asked twice at once and after it is gone", async () => {
  const [a, b] = await Promise.all([launch({ ClientToken: "once" }), launch({ ClientToken: "once" })]);
  expect(a).toBe(b);
  await terminate(a);
  account.wait(30);
  const again = await run({ ClientToken: "once" });
  expect(again.Instances?.[0]).toMatchObject({ InstanceId: a, State: { Name: "terminated" } });
  expect(await failure(run({ ClientToken: "once", InstanceType: "m7i.xlarge" }))).toMatch(
    /^IdempotentParameterMismatch: Arguments on this idempotent request are inconsistent/,
  );
});

test("pages really page, and only where EC2 lets them", async () => {
  const ids: string[] = [];
  for (let index = 0; index < 7; index += 1) ids.push(await launch({ InstanceType: "t3.nano" }));
  account.wait(10);
  const pages: number[] = [];
  const filters = [
    { Name: "instance-state-name", Values: ["running"] },
    { Name: "instance-type", Values: ["t3.*"] },
  ];
  const listing = paginateDescribeInstances({ client: account.ec2, pageSize: 5 }, { Filters: filters });
  for await (const page of listing) pages.push(page.Reservations?.length ?? 0);
  expect(pages).toEqual([5, 2]);
  const both = new DescribeInstancesCommand({ InstanceIds: ids, MaxResults: 5 });
  expect(await failure(account.ec2.send(both))).toMatch(/^InvalidParameterCombination/);
  expect(await failure(account.ec2.send(new DescribeInstancesCommand({ MaxResults: 2 })))).toMatch(
    /^InvalidParameterValue: Value \( 2 \) for parameter maxResults is invalid/,
  );
  expect(await failure(account.ec2.send(new DescribeInstancesCommand({ NextToken: "x" })))).toMatch(
    /^InvalidNextToken/,
  );
  await terminate(...ids);
});

test("whoever misspells the root device gets a second, empty volume, which outlives the instance", async () => {
  const id = await launch({
    BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { VolumeSize: 20 } }],
  });
  account.wait(10);
  const found = await find(id);
  expect(found?.BlockDeviceMappings?.map(({ DeviceName }) => DeviceName)).toEqual(["/dev/sda1", "/dev/xvda"]);
  await terminate(id);
  account.wait(30);
  const left = await account.ec2.send(
    new DescribeVolumesCommand({ Filters: [{ Name: "status", Values: ["available"] }] }),
  );
  // DeleteOnTermination is false for volumes that the image does not name.
  expect(left.Volumes?.map(({ Size }) => Size)).toEqual([20]);
  await account.ec2.send(new DeleteVolumeCommand({ VolumeId: left.Volumes?.[0]?.VolumeId }));
});

describe("refused before anything is made", () => {
  const rows: [why: string, input: Partial<RunInstancesCommandInput>, error: RegExp][] = [
    [
      "no such image",
      { ImageId: "ami-00000000000000000" },
      /^InvalidAMIID.NotFound: The image id '\[ami-0+\]' does not exist/,
    ],
    ["no image id at all", { ImageId: "ubuntu" }, /^InvalidAMIID.Malformed/],
    [
      "no such key pair",
      { KeyName: "nobody" },
      /^InvalidKeyPair.NotFound: The key pair 'nobody' does not exist/,
    ],
    [
      "no such group",
      { SecurityGroupIds: ["sg-1"] },
      /^InvalidGroup.NotFound: The security group 'sg-1' does not exist/,
    ],
    [
      "arm64 type, amd64 image",
      { InstanceType: "r7g.large" },
      /^InvalidParameterValue: The architecture 'arm64'/,
    ],
    [
      "unknown type",
      { InstanceType: "z9.huge" as "t3.nano" },
      /^InvalidParameterValue: Invalid value 'z9.huge'/,
    ],
    ["more vCPUs than the quota", { MaxCount: 17 }, /^VcpuLimitExceeded: .* current vCPU limit of 32 /],
    ["rate below 100 MiB/s", rate(99), /^InvalidParameterValue: Volume initialization rate of 99/],
    ["rate above 300 MiB/s", rate(301), /^InvalidParameterValue: Volume initialization rate of 301/],
    [
      "volume smaller than the snapshot",
      size(7),
      /^InvalidBlockDeviceMapping: Volume of size 7GB is smaller/,
    ],
    [
      "shutdown behaviour",
      { InstanceInitiatedShutdownBehavior: "hibernate" as "stop" },
      /^InvalidParameterValue/,
    ],
    ["reserved tag", tag("aws:owner"), /^InvalidParameterValue: Tag keys starting with 'aws:' are reserved/],
    ["a dry run", { DryRun: true }, /^DryRunOperation/],
  ];
  test.each(rows)("%s", async (_why, input, error) => {
    const before = account.machines.length;
    expect(await failure(run(input))).toMatch(error);
    expect(account.machines).toHaveLength(before);
  });

  function rate(VolumeInitializationRate: number): Partial<RunInstancesCommandInput> {
    return { BlockDeviceMappings: [{ DeviceName: "/dev/sda1", Ebs: { VolumeInitializationRate } }] };
  }
  function size(VolumeSize: number): Partial<RunInstancesCommandInput> {
    return { BlockDeviceMappings: [{ DeviceName: "/dev/sda1", Ebs: { VolumeSize } }] };
  }
  function tag(Key: string): Partial<RunInstancesCommandInput> {
    return { TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key, Value: "x" }] }] };
  }
});

test("a door opened twice is a duplicate, and a group's name is taken once", async () => {
  const { GroupId } = await account.ec2.send(
    new CreateSecurityGroupCommand({ GroupName: "door", Description: "x" }),
  );
  const open = () =>
    account.ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId,
        IpPermissions: [{ IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
      }),
    );
  await open();
  expect(await failure(open())).toBe(
    'InvalidPermission.Duplicate: the specified rule "peer: 0.0.0.0/0, TCP, from port: 22, to port: 22, ALLOW" already exists',
  );
  const again = new CreateSecurityGroupCommand({ GroupName: "door", Description: "x" });
  expect(await failure(account.ec2.send(again))).toMatch(
    /^InvalidGroup.Duplicate: The security group 'door' already exists for VPC 'vpc-/,
  );
});
