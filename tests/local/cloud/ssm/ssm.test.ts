import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  DeleteParametersCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  paginateGetParametersByPath,
  RemoveTagsFromResourceCommand,
} from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { failure, openRehearsedAccount, type RehearsedAccount, START } from "../rehearsed-account.ts";

let account: RehearsedAccount;
beforeAll(async () => {
  account = await openRehearsedAccount();
});
afterAll(() => account.close());

const put = (Name: string, input: Partial<PutParameterCommandInput> = {}) =>
  account.ssm.send(new PutParameterCommand({ Name, Value: "v", Type: "String", ...input }));

async function value(Name: string, WithDecryption = false): Promise<string | undefined> {
  return (await account.ssm.send(new GetParameterCommand({ Name, WithDecryption }))).Parameter?.Value;
}

test("a parameter is made once, overwritten on request, and counts its versions", async () => {
  expect(await put("/a/pointer", { Value: "one" })).toMatchObject({ Version: 1, Tier: "Standard" });
  expect(await failure(put("/a/pointer", { Value: "two" }))).toBe(
    "ParameterAlreadyExists: The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
  );
  account.wait(60);
  expect(await put("/a/pointer", { Value: "two", Overwrite: true })).toMatchObject({ Version: 2 });
  const { Parameter } = await account.ssm.send(new GetParameterCommand({ Name: "/a/pointer" }));
  expect(Parameter).toMatchObject({ Value: "two", Version: 2, Type: "String" });
  expect(Parameter?.ARN).toBe("arn:aws:ssm:us-east-1:123456789012:parameter/a/pointer");
  expect(Parameter?.LastModifiedDate?.getTime()).toBeGreaterThan(START.getTime() + 60_000);
  expect(await value(Parameter?.ARN ?? "")).toBe("two"); // by ARN as well
});

test("a secret without decryption is opaque", async () => {
  await put("/a/secret", { Value: "hunter2", Type: "SecureString" });
  expect(await value("/a/secret", true)).toBe("hunter2");
  const sealed = (await value("/a/secret")) ?? "";
  expect(sealed).not.toContain("hunter2");
  expect(Buffer.from(sealed, "base64").toString()).not.toContain("hunter2");
});

describe("refused", () => {
  const rows: [why: string, name: string, input: Partial<PutParameterCommandInput>, error: RegExp][] = [
    [
      "tags together with overwrite",
      "/t",
      { Overwrite: true, Tags: [] },
      /^ValidationException: .*tags and overwrite can't be used together/,
    ],
    [
      "more than 4 KB",
      "/big",
      { Value: "x".repeat(4097) },
      /^ValidationException: Standard tier parameters support a maximum/,
    ],
    [
      "a name in AWS's own tree",
      "/aws/mine",
      {},
      /^AccessDeniedException: No access to reserved parameter name/,
    ],
    ["the prefix ssm", "ssm-mine", {}, /^ValidationException: Parameter name: can't be prefixed/],
    ["a space", "/a b", {}, /^ValidationException: Parameter name/],
    [
      "a path without its slash",
      "a/b",
      {},
      /^ValidationException: Parameter name must be a fully qualified name/,
    ],
    ["sixteen levels", "/a".repeat(16), {}, /^HierarchyLevelLimitExceededException/],
    [
      "an unknown type",
      "/type",
      { Type: "Secret" as "String" },
      /^ValidationException: 1 validation error detected: Value at 'Type'/,
    ],
  ];
  test.each(rows)("%s", async (_why, name, input, error) => {
    expect(await failure(put(name, input))).toMatch(error);
  });
});

test("missing ones: an error for one, a list for several, none in another region", async () => {
  expect(await failure(value("/nobody"))).toMatch(/^ParameterNotFound/);
  const several = await account.ssm.send(new GetParametersCommand({ Names: ["/a/pointer", "/nobody"] }));
  expect(several.Parameters?.map(({ Name }) => Name)).toEqual(["/a/pointer"]);
  expect(several.InvalidParameters).toEqual(["/nobody"]);
  const eleven = Array.from({ length: 11 }, (_, index) => `/n${index}`);
  expect(await failure(account.ssm.send(new GetParametersCommand({ Names: eleven })))).toMatch(
    /^ValidationException/,
  );
  const west = account.in("us-west-2").ssm.send(new GetParameterCommand({ Name: "/a/pointer" }));
  expect(await failure(west)).toMatch(/^ParameterNotFound/);
});

test("a path's parameters come in pages of ten, in order, with or without what is below", async () => {
  for (let index = 0; index < 12; index += 1) await put(`/path/p${String(index).padStart(2, "0")}`);
  await put("/path/deep/one");
  await put("/pathology");
  const sizes: number[] = [];
  const names: string[] = [];
  for await (const page of paginateGetParametersByPath(
    { client: account.ssm },
    { Path: "/path", Recursive: true },
  )) {
    sizes.push(page.Parameters?.length ?? 0);
    names.push(...(page.Parameters ?? []).map(({ Name = "" }) => Name));
  }
  expect(sizes).toEqual([10, 3]);
  expect(names).toEqual([...names].sort());
  const flat = await account.ssm.send(new GetParametersByPathCommand({ Path: "/path/", MaxResults: 10 }));
  expect(flat.Parameters?.some(({ Name }) => Name === "/path/deep/one")).toBe(false);
  const published = new GetParametersByPathCommand({
    Path: "/aws/service/freebsd/amd64/builder/ufs",
    Recursive: true,
  });
  expect((await account.ssm.send(published)).Parameters).toHaveLength(4);
});

test("tags: at creation, added, listed, removed; overwriting keeps them", async () => {
  const resource = { ResourceType: "Parameter", ResourceId: "/tagged" } as const;
  const tags = async () => {
    const { TagList = [] } = await account.ssm.send(new ListTagsForResourceCommand(resource));
    return Object.fromEntries(TagList.map(({ Key, Value }) => [Key, Value]));
  };
  await put("/tagged", { Tags: [{ Key: "build", Value: "b1" }] });
  await account.ssm.send(new AddTagsToResourceCommand({ ...resource, Tags: [{ Key: "more", Value: "m" }] }));
  await put("/tagged", { Overwrite: true, Value: "new" });
  expect(await tags()).toEqual({ build: "b1", more: "m" });
  await account.ssm.send(new RemoveTagsFromResourceCommand({ ...resource, TagKeys: ["build"] }));
  expect(await tags()).toEqual({ more: "m" });
  const found = await account.ssm.send(
    new DescribeParametersCommand({ ParameterFilters: [{ Key: "tag:more", Values: ["m"] }] }),
  );
  expect(found.Parameters?.map(({ Name }) => Name)).toEqual(["/tagged"]);
  const nobody = new ListTagsForResourceCommand({ ...resource, ResourceId: "/nobody" });
  expect(await failure(account.ssm.send(nobody))).toMatch(/^InvalidResourceId/);
});

test("deleting: once, several, and never what FreeBSD publishes", async () => {
  await account.ssm.send(new DeleteParameterCommand({ Name: "/tagged" }));
  expect(await failure(account.ssm.send(new DeleteParameterCommand({ Name: "/tagged" })))).toMatch(
    /^ParameterNotFound/,
  );
  const both = await account.ssm.send(new DeleteParametersCommand({ Names: ["/a/secret", "/tagged"] }));
  expect(both).toMatchObject({ DeletedParameters: ["/a/secret"], InvalidParameters: ["/tagged"] });
  const Name = "/aws/service/freebsd/arm64/small/zfs/14.4/RELEASE";
  expect(await failure(account.ssm.send(new DeleteParameterCommand({ Name })))).toMatch(/^ParameterNotFound/);
  expect(await value(Name)).toMatch(/^ami-0[0-9a-f]{16}$/);
});

test("the inventory shows values, but no secret and nothing public", async () => {
  await put("/shown", { Value: "ami-1" });
  await put("/hidden", { Value: "hunter2", Type: "SecureString" });
  const listed = (await account.cloud.inventory()).filter(({ type }) => type === "parameter");
  expect(listed).toContainEqual(
    expect.objectContaining({ id: "/shown", state: "ami-1", region: "us-east-1" }),
  );
  expect(listed).toContainEqual(expect.objectContaining({ id: "/hidden", state: "sealed" }));
  expect(listed.some(({ name }) => name.startsWith("/aws/"))).toBe(false);
});
