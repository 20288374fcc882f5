import {
  CreateKeyPairCommand,
  CreateTagsCommand,
  DeleteKeyPairCommand,
  DeleteTagsCommand,
  DescribeAvailabilityZonesCommand,
  DescribeInstanceTypesCommand,
  DescribeKeyPairsCommand,
  DescribeRegionsCommand,
  DescribeSubnetsCommand,
  DescribeTagsCommand,
  DescribeVpcsCommand,
  type Filter,
  ImportKeyPairCommand,
} from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import ssh2 from "ssh2";
import { failure, openRehearsedAccount, type RehearsedAccount } from "../rehearsed-account.ts";

let account: RehearsedAccount;
beforeAll(async () => {
  account = await openRehearsedAccount();
});
afterAll(() => account.close());

describe("key pairs", () => {
  test("created: the private half is shown once and opens with ssh2", async () => {
    const made = await account.ec2.send(
      new CreateKeyPairCommand({
        KeyName: "created",
        KeyType: "ed25519",
        TagSpecifications: [{ ResourceType: "key-pair", Tags: [{ Key: "build", Value: "b-1" }] }],
      }),
    );
    expect(ssh2.utils.parseKey(made.KeyMaterial ?? "")).not.toBeInstanceOf(Error);
    const again = new CreateKeyPairCommand({ KeyName: "created", KeyType: "ed25519" });
    expect(await failure(account.ec2.send(again))).toMatch(
      /^InvalidKeyPair.Duplicate: The keypair already exists/,
    );
  });

  test("imported: told by its fingerprint; what is no key is refused", async () => {
    const { public: line } = ssh2.utils.generateKeyPairSync("ed25519");
    const importKey = (KeyName: string, text: string) =>
      account.ec2.send(new ImportKeyPairCommand({ KeyName, PublicKeyMaterial: Buffer.from(text) }));
    const imported = await importKey("imported", line);
    expect(imported.KeyFingerprint).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    expect(await failure(importKey("bad", "ssh-dss AAAA"))).toMatch(/^InvalidKey.Format/);
    account.wait(3);
    const found = await account.ec2.send(
      new DescribeKeyPairsCommand({ KeyNames: ["imported"], IncludePublicKey: true }),
    );
    expect(found.KeyPairs).toMatchObject([{ KeyType: "ed25519", PublicKey: line }]);
  });

  test("deleting one that is not there succeeds; describing it does not", async () => {
    await account.ec2.send(new DeleteKeyPairCommand({ KeyName: "never" }));
    expect(await failure(account.ec2.send(new DescribeKeyPairsCommand({ KeyNames: ["never"] })))).toBe(
      "InvalidKeyPair.NotFound: The key pair 'never' does not exist",
    );
  });
});

describe("filters", () => {
  const rows: [why: string, filters: Filter[], names: string[]][] = [
    ["a tag's value", [{ Name: "tag:build", Values: ["b-1"] }], ["created"]],
    ["a wildcard", [{ Name: "tag:build", Values: ["b-*"] }], ["created"]],
    ["a question mark is one character", [{ Name: "tag:build", Values: ["b?1"] }], ["created"]],
    ["a dot is a dot", [{ Name: "tag:build", Values: ["b.1"] }], []],
    ["any value of a tag", [{ Name: "tag-key", Values: ["build"] }], ["created"]],
    [
      "values are alternatives",
      [{ Name: "key-name", Values: ["created", "imported"] }],
      ["created", "imported"],
    ],
    [
      "filters are all of them",
      [
        { Name: "key-name", Values: ["*"] },
        { Name: "tag-key", Values: ["x"] },
      ],
      [],
    ],
  ];
  test.each(rows)("%s", async (_why, Filters, names) => {
    account.wait(3);
    const found = await account.ec2.send(new DescribeKeyPairsCommand({ Filters }));
    expect(found.KeyPairs?.map(({ KeyName }) => KeyName)).toEqual(names);
  });

  test("one that does not exist is refused", async () => {
    const Filters = [{ Name: "color", Values: ["red"] }];
    expect(await failure(account.ec2.send(new DescribeKeyPairsCommand({ Filters })))).toBe(
      "InvalidParameterValue: The filter 'color' is invalid",
    );
  });
});

test("tags made later show at once, and go by key or by key and value", async () => {
  const found = await account.ec2.send(new DescribeKeyPairsCommand({ KeyNames: ["created"] }));
  const Resources = [found.KeyPairs?.[0]?.KeyPairId ?? ""];
  const tags = async () => {
    const Filters = [{ Name: "resource-id", Values: Resources }];
    const answer = await account.ec2.send(new DescribeTagsCommand({ Filters }));
    return Object.fromEntries((answer.Tags ?? []).map(({ Key, Value }) => [Key, Value]));
  };
  await account.ec2.send(
    new CreateTagsCommand({
      Resources,
      Tags: [
        { Key: "a", Value: "1" },
        { Key: "b", Value: "" },
      ],
    }),
  );
  expect(await tags()).toEqual({ build: "b-1", a: "1", b: "" });
  await account.ec2.send(new DeleteTagsCommand({ Resources, Tags: [{ Key: "a", Value: "2" }] })); // another value
  expect(await tags()).toHaveProperty("a");
  await account.ec2.send(new DeleteTagsCommand({ Resources, Tags: [{ Key: "a" }, { Key: "never" }] }));
  expect(await tags()).toEqual({ build: "b-1", b: "" });
  const many = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: "" }));
  expect(await failure(account.ec2.send(new CreateTagsCommand({ Resources, Tags: many })))).toMatch(
    /^TagLimitExceeded/,
  );
  const nobody = new CreateTagsCommand({ Resources: ["i-0123456789abcdef0"], Tags: [] });
  expect(await failure(account.ec2.send(nobody))).toMatch(/^InvalidInstanceID.NotFound/);
});

test("places: enabled regions, zones, the default network, instance types", async () => {
  const names = async (AllRegions: boolean) =>
    (await account.ec2.send(new DescribeRegionsCommand({ AllRegions }))).Regions?.map(
      ({ RegionName }) => RegionName,
    );
  expect(await names(false)).toEqual(["us-east-1", "us-east-2", "us-west-2", "eu-west-1"]);
  expect(await names(true)).toContain("ap-east-1");
  expect(await failure(account.ec2.send(new DescribeRegionsCommand({ RegionNames: ["mars-1"] })))).toMatch(
    /^InvalidParameterValue/,
  );
  const zones = await account.ec2.send(new DescribeAvailabilityZonesCommand({}));
  expect(zones.AvailabilityZones?.[0]?.ZoneName).toBe("us-east-1a");
  const vpcs = await account.ec2.send(
    new DescribeVpcsCommand({ Filters: [{ Name: "is-default", Values: ["true"] }] }),
  );
  const subnets = await account.ec2.send(new DescribeSubnetsCommand({}));
  expect(subnets.Subnets?.map(({ VpcId }) => VpcId)).toEqual(Array(3).fill(vpcs.Vpcs?.[0]?.VpcId));
  const types = await account.ec2.send(new DescribeInstanceTypesCommand({ InstanceTypes: ["r7g.large"] }));
  expect(types.InstanceTypes).toMatchObject([
    {
      VCpuInfo: { DefaultVCpus: 2 },
      MemoryInfo: { SizeInMiB: 16_384 },
      ProcessorInfo: { SupportedArchitectures: ["arm64"] },
    },
  ]);
  const unknown = new DescribeInstanceTypesCommand({ InstanceTypes: ["z9.huge" as "t3.nano"] });
  expect(await failure(account.ec2.send(unknown))).toBe(
    "InvalidInstanceType: The following supplied instance types do not exist: [z9.huge]",
  );
});
