import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
  type PutObjectCommandInput,
  paginateListObjectsV2,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { KNOWN_OPERATIONS } from "../../../../local/cloud/cloud.ts";
import { parseFault } from "../../../../local/cloud/fault.ts";
import { failure, makeClients, openRehearsedAccount, type RehearsedAccount } from "../rehearsed-account.ts";

type Body = NonNullable<PutObjectCommandInput["Body"]>;

const Bucket = "nightshift-rehearsal-123456789012";

let account: RehearsedAccount;
beforeAll(async () => {
  account = await openRehearsedAccount();
  await account.s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => account.close());

const put = (Key: string, content: Body, more: Partial<PutObjectCommandInput> = {}) =>
  account.s3.send(new PutObjectCommand({ Bucket, Key, Body: content, ...more }));
const get = async (Key: string, Range?: string) => {
  const found = await account.s3.send(new GetObjectCommand({ Bucket, Key, Range }));
  return await found.Body?.transformToString();
};
const remove = (Key: string) => account.s3.send(new DeleteObjectCommand({ Bucket, Key }));
const list = (more: Partial<ListObjectsV2CommandInput> = {}) =>
  account.s3.send(new ListObjectsV2Command({ Bucket, ...more }));
const keysOf = (found: Awaited<ReturnType<typeof list>>) => (found.Contents ?? []).map(({ Key }) => Key);

/** A request as no client of ours would send it. */
const raw = async (method: string, path: string, headers: Record<string, string> = {}, body = "") => {
  const authorization = "AWS4-HMAC-SHA256 Credential=k/20261120/us-east-1/s3/aws4_request";
  const sent = { method, headers: { authorization, ...headers }, ...(body === "" ? {} : { body }) };
  const answer = await fetch(`${account.door.url}${path}`, sent);
  return `${answer.status} ${await answer.text()}`;
};

describe("an object comes back as it was put", () => {
  const bytes = Buffer.from([0, 255, 13, 10, 128, 31, 139]);

  test.each<[string, Body, Buffer]>([
    ["text", "héllo", Buffer.from("héllo")],
    ["bytes", bytes, bytes],
    ["nothing", Buffer.alloc(0), Buffer.alloc(0)],
    ["3 MB, for which the client waits for 100 Continue", Buffer.alloc(3e6, 7), Buffer.alloc(3e6, 7)],
    [
      "a stream, which comes in chunks of its own",
      Readable.from([bytes, bytes]),
      Buffer.concat([bytes, bytes]),
    ],
  ])("%s", async (_what, body, expected) => {
    const length = body instanceof Readable ? { ContentLength: expected.length } : {};
    const { ETag } = await put("round/trip.bin", body, length);
    const found = await account.s3.send(new GetObjectCommand({ Bucket, Key: "round/trip.bin" }));
    const content = Buffer.from((await found.Body?.transformToByteArray()) ?? []);
    expect(content.equals(expected)).toBe(true);
    expect(found).toMatchObject({ ETag, ContentLength: expected.length });
  });

  test("its ETag is the MD5, its headers stay, its time is the cloud's", async () => {
    const more = { ContentType: "application/json", ContentEncoding: "gzip", Metadata: { made: "here" } };
    const stored = await put("headers.json", "{}", more);
    expect(stored.ETag).toBe('"99914b932bd37a50b983c5e7c90ae93b"');
    const head = await account.s3.send(new HeadObjectCommand({ Bucket, Key: "headers.json" }));
    const LastModified = new Date(Math.floor(account.clock.now().getTime() / 1000) * 1000);
    expect(head).toMatchObject({ ...more, ETag: stored.ETag, ContentLength: 2, LastModified });
  });

  test("a second put replaces the first", async () => {
    await put("twice", "one, and longer");
    await put("twice", "two");
    expect(await get("twice")).toBe("two");
  });

  test.each([
    ["bytes=0-3", "0123"],
    ["bytes=4-", "456789"],
    ["bytes=-2", "89"],
    ["bytes=8-99", "89"],
    ["bytes=-99", "0123456789"],
    ["lines=1-2", "0123456789"], // no range, so not looked at
  ])("range %s", async (range, expected) => {
    await put("digits", "0123456789");
    expect(await get("digits", range)).toBe(expected);
  });

  test("a range past the end", async () => {
    await put("digits", "0123456789");
    expect(await failure(get("digits", "bytes=10-"))).toMatch(/^InvalidRange/);
  });

  test("a checksum that does not fit is refused, and nothing is stored", async () => {
    expect(await failure(put("bad", "content", { ChecksumCRC32: "AAAAAA==" }))).toMatch(/^BadDigest/);
    const md5 = { "content-md5": "1B2M2Y8AsgTpgAmY7PhCfg==" };
    expect(await raw("PUT", `/${Bucket}/bad`, md5, "content")).toMatch(/^400 .*<Code>BadDigest</s);
    const chunked = { "content-encoding": "aws-chunked" };
    expect(await raw("PUT", `/${Bucket}/bad`, chunked, "9\r\ncut")).toMatch(/^400 .*<Code>IncompleteBody</s);
    expect(await failure(get("bad"))).toMatch(/^NoSuchKey/);
  });
});

describe("conditions", () => {
  test("If-None-Match: * lets one of many writers through", async () => {
    const writes = ["a", "b", "c", "d"].map((text) => put("once", text, { IfNoneMatch: "*" }));
    const ends = await Promise.allSettled(writes);
    const refused = ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
    expect(refused).toHaveLength(3);
    for (const reason of refused) {
      expect(reason).toMatchObject({ name: "PreconditionFailed", $metadata: { httpStatusCode: 412 } });
    }
    const winner = ends.findIndex(({ status }) => status === "fulfilled");
    expect(await get("once")).toBe("abcd"[winner]);
    await remove("once");
    await put("once", "again", { IfNoneMatch: "*" });
  });

  test("If-Match lets through who knows what is there", async () => {
    const { ETag = "" } = await put("known", "one");
    await put("known", "two", { IfMatch: ETag });
    expect(await failure(put("known", "three", { IfMatch: ETag }))).toMatch(/^PreconditionFailed/);
    expect(await failure(put("unknown", "three", { IfMatch: ETag }))).toMatch(/^NoSuchKey/);
    const stale = new DeleteObjectCommand({ Bucket, Key: "known", IfMatch: ETag });
    expect(await failure(account.s3.send(stale))).toMatch(/^PreconditionFailed/);
    expect(await get("known")).toBe("two");
  });

  test("a condition that is not modelled is refused, not ignored", async () => {
    expect(await failure(put("known", "x", { IfNoneMatch: '"etag"' }))).toMatch(/^NotImplemented/);
    const since = { "if-modified-since": "Fri, 20 Nov 2026 12:00:00 GMT" };
    expect(await raw("GET", `/${Bucket}/known`, since)).toMatch(/^501 .*<Code>NotImplemented</s);
  });
});

describe("what is not there", () => {
  test("an object", async () => {
    expect(await failure(get("none"))).toBe("NoSuchKey: The specified key does not exist.");
    const head = account.s3.send(new HeadObjectCommand({ Bucket, Key: "none" }));
    expect(await failure(head)).toMatch(/^NotFound/); // an answer to HEAD has no body to name the error
    await remove("none"); // succeeds, as in S3
  });

  test("a bucket", async () => {
    const other = { Bucket: "nightshift-none" };
    const got = account.s3.send(new GetObjectCommand({ ...other, Key: "a" }));
    expect(await failure(got)).toMatch(/^NoSuchBucket/);
    expect(await failure(account.s3.send(new ListObjectsV2Command(other)))).toMatch(/^NoSuchBucket/);
    expect(await failure(account.s3.send(new HeadBucketCommand(other)))).toMatch(/^NotFound/);
  });

  test("an operation", async () => {
    const many = new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: "a" }] } });
    expect(await failure(account.s3.send(many))).toMatch(/^NotImplemented: .*POST \?delete/);
    expect(await raw("GET", "/")).toMatch(/^501 .*GET service/s);
    const copy = { "x-amz-copy-source": "b/k" };
    expect(await raw("PUT", `/${Bucket}/copy`, copy)).toMatch(/^501 .*PUT copy/s);
  });
});

describe("keys", () => {
  test.each([
    ["spaces and signs", "a b/c+d&e=f?g#h%20.txt"],
    ["what file systems keep for themselves", 'x:y*z|"<>\\.txt'],
    ["other scripts", "наука/日本/😀.txt"],
    ["empty parts", "double//slash/"],
    ["a long part", `${"x".repeat(300)}/${"é".repeat(200)}.txt`],
    ["names that look escaped", "%/%-1/%2B+.txt"],
  ])("%s", async (_what, key) => {
    await put(key, key);
    expect(await get(key)).toBe(key);
    expect(keysOf(await list({ Prefix: key }))).toEqual([key]);
  });

  test("a key may go on where another one ends, with and without dots", async () => {
    const keys = ["n", "n/m", "n+", "n+/m", "n.x", "n.x/m", "n.x+", "n.x+/m", "n/", "n//", "n.x/m.y", "N"];
    for (const key of keys) await put(`nest/${key}`, key);
    for (const key of keys) expect(await get(`nest/${key}`)).toBe(key);
    const found = await list({ Prefix: "nest/" });
    expect(keysOf(found)).toEqual(keys.map((key) => `nest/${key}`).sort());
    await remove("nest/n");
    expect(await failure(get("nest/n"))).toMatch(/^NoSuchKey/);
    expect(await get("nest/n/m")).toBe("n/m");
  });

  test("a path of ours is the object's path on disk", async () => {
    await put("usage/2026-11-22/manifest.json", "{}");
    const file = join(account.cloud.folder, "s3", Bucket, "usage/2026-11-22/manifest.json");
    expect(readFileSync(file, "utf8")).toBe("{}");
    await remove("usage/2026-11-22/manifest.json");
    expect(existsSync(file)).toBe(false);
  });

  // fetch would take dots out of a path itself; an SDK client sends them
  test.each(["../escaped.txt", "a/../../../escaped.txt", "a/./b", ".."])("%s is refused", async (key) => {
    expect(await failure(put(key, "x"))).toMatch(/^InvalidURI/);
    expect(existsSync(join(account.cloud.folder, "s3", "escaped.txt"))).toBe(false);
  });

  test("more than 1,024 bytes, and what is not UTF-8, are refused", async () => {
    expect(await failure(put("é".repeat(513), "x"))).toMatch(/^KeyTooLongError/);
    expect(await raw("PUT", `/${Bucket}/%ff`, {}, "x")).toMatch(/^400 .*<Code>InvalidURI</s);
  });
});

describe("listing", () => {
  const listed = "nightshift-listed";
  // "\uffee" sorts after "😀" by UTF-16 units, and before it by bytes
  const keys = ["a", "a/1", "a/2", "b/1", "b/2/3", "c", "\uffee", "😀"];
  const of = (more: Partial<ListObjectsV2CommandInput>) => list({ Bucket: listed, ...more });
  beforeAll(async () => {
    await account.s3.send(new CreateBucketCommand({ Bucket: listed }));
    for (const Key of keys.toReversed())
      await account.s3.send(new PutObjectCommand({ Bucket: listed, Key, Body: Key }));
  });

  test("all, in the order of bytes, each with size, ETag and time", async () => {
    const found = await of({});
    expect(keysOf(found)).toEqual(keys);
    expect(found).toMatchObject({ KeyCount: 8, MaxKeys: 1000, IsTruncated: false, Name: listed });
    expect(found.Contents?.[1]).toMatchObject({
      ...{ Size: 3, StorageClass: "STANDARD", ETag: expect.stringMatching(/^"[0-9a-f]{32}"$/) },
      LastModified: expect.objectContaining({}),
    });
  });

  test.each<[string, Partial<ListObjectsV2CommandInput>, string[], string[]]>([
    ["a prefix", { Prefix: "a/" }, ["a/1", "a/2"], []],
    ["a prefix of nothing", { Prefix: "z" }, [], []],
    ["after a key", { StartAfter: "b/1" }, ["b/2/3", "c", "\uffee", "😀"], []],
    ["after what is no key", { StartAfter: "b", Prefix: "b" }, ["b/1", "b/2/3"], []],
    ["folders", { Delimiter: "/" }, ["a", "c", "\uffee", "😀"], ["a/", "b/"]],
    ["a folder's folders", { Prefix: "b/", Delimiter: "/" }, ["b/1"], ["b/2/"]],
    ["none at all", { MaxKeys: 0 }, [], []],
    ["names in percent", { Prefix: "b/2", EncodingType: "url" }, ["b%2F2%2F3"], []],
  ])("%s", async (_what, more, expected, folders) => {
    const found = await of(more);
    expect(keysOf(found)).toEqual(expected);
    expect((found.CommonPrefixes ?? []).map(({ Prefix }) => Prefix)).toEqual(folders);
    expect(found).toMatchObject({ KeyCount: expected.length + folders.length, IsTruncated: false });
  });

  test.each([1, 3, 8])("by pages of %i, while others write and delete", async (pageSize) => {
    const pages = paginateListObjectsV2({ client: account.s3, pageSize }, { Bucket: listed });
    const found: (string | undefined)[] = [];
    for await (const page of pages) {
      found.push(...keysOf(page));
      await account.s3.send(new PutObjectCommand({ Bucket: listed, Key: "0-late", Body: "x" }));
    }
    expect(found).toEqual(keys);
    await account.s3.send(new DeleteObjectCommand({ Bucket: listed, Key: "0-late" }));
  });

  test("folders are not repeated on the next page", async () => {
    const pages = paginateListObjectsV2(
      { client: account.s3, pageSize: 2 },
      { Bucket: listed, Delimiter: "/" },
    );
    const folders: (string | undefined)[] = [];
    for await (const page of pages) folders.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix));
    expect(folders).toEqual(["a/", "b/"]);
  });

  test("a token that is none, and a number that is none", async () => {
    expect(await failure(of({ ContinuationToken: "nonsense" }))).toMatch(/^InvalidArgument/);
    expect(await raw("GET", `/${listed}?list-type=2&max-keys=many`)).toMatch(/^400 .*InvalidArgument/s);
  });
});

describe("buckets", () => {
  test("belong to a region", async () => {
    const west = account.in("us-west-2").s3;
    const name = { Bucket: "nightshift-west" };
    await west.send(new CreateBucketCommand(name));
    expect(await failure(west.send(new CreateBucketCommand(name)))).toMatch(/^BucketAlreadyOwnedByYou/);
    await west.send(new HeadBucketCommand(name));
    const east = account.s3.send(new GetObjectCommand({ ...name, Key: "a" }));
    expect(await failure(east)).toMatch(/^PermanentRedirect/);
    await account.s3.send(new CreateBucketCommand({ Bucket })); // in us-east-1 it may be repeated
    expect(await raw("PUT", "/Upper-Case")).toMatch(/^400 .*<Code>InvalidBucketName</s);
    const elsewhere = "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint>";
    expect(await raw("PUT", "/nightshift-else", {}, elsewhere)).toMatch(/IllegalLocationConstraintException/);
  });
});

describe("what the cloud tells about them", () => {
  test("calls name bucket and key, and who made them", async () => {
    await put("told/a b.txt", "x");
    await list({ Prefix: "told/" });
    expect(account.cloud.calls().slice(-2)).toMatchObject([
      { service: "s3", operation: "PutObject", resources: [`${Bucket}/told/a b.txt`], caller: "the-test" },
      { service: "s3", operation: "ListObjectsV2", resources: [Bucket], region: "us-east-1" },
    ]);
    expect(await failure(get("told/none"))).toMatch(/^NoSuchKey/);
    expect(account.cloud.calls().at(-1)).toMatchObject({ operation: "GetObject", error: "NoSuchKey" });
  });

  test("the inventory shows content by its hash", async () => {
    const stateOf = async (name: string) =>
      (await account.cloud.inventory()).find((one) => one.type === "object" && one.name === name)?.state;
    await put("told/same.txt", "one");
    const before = await stateOf(`${Bucket}/told/same.txt`);
    expect(before).toMatch(/^[0-9a-f]{16}$/);
    await put("told/same.txt", "two");
    expect(await stateOf(`${Bucket}/told/same.txt`)).not.toBe(before);
    await put("told/same.txt", "one");
    expect(await stateOf(`${Bucket}/told/same.txt`)).toBe(before);
    await remove("told/same.txt");
    expect(await stateOf(`${Bucket}/told/same.txt`)).toBeUndefined();
  });

  test("the bill has requests by class; deleting is free", async () => {
    const billed = await openRehearsedAccount();
    await billed.s3.send(new CreateBucketCommand({ Bucket }));
    const at = { Bucket, Key: "a" };
    for (const Body of ["1", "2", "3"]) await billed.s3.send(new PutObjectCommand({ ...at, Body }));
    await billed.s3.send(new ListObjectsV2Command({ Bucket }));
    await billed.s3.send(new HeadObjectCommand(at));
    await billed.s3.send(new DeleteObjectCommand(at));
    await failure(billed.s3.send(new GetObjectCommand(at))); // charged as well
    expect(billed.cloud.bill()).toMatchObject([
      { what: "S3 PUT and LIST", quantity: 4, priceUsd: 0.005 / 1000 },
      { what: "S3 GET", quantity: 2, priceUsd: 4e-7 },
    ]);
    await billed.close();
  });
});

test("faults strike before anything is stored, and the SDK's retries get through", async () => {
  const faults = ["s3:PutObject:SlowDown", "s3:GetObject:InternalError", "s3:HeadObject:InternalError"];
  const faulty = await openRehearsedAccount({
    faults: faults.map((one) => parseFault(one, KNOWN_OPERATIONS)),
  });
  const at = { Bucket, Key: "a" };
  await faulty.s3.send(new CreateBucketCommand({ Bucket }));
  const refused: unknown = await faulty.s3.send(new PutObjectCommand({ ...at, Body: "x" })).catch((e) => e);
  expect(refused).toMatchObject({ name: "SlowDown", $metadata: { httpStatusCode: 503 } });
  expect((await faulty.cloud.inventory()).filter(({ type }) => type === "object")).toEqual([]);
  await faulty.s3.send(new PutObjectCommand({ ...at, Body: "x" }));
  const patient = makeClients("us-east-1", faulty.door.url, 3).s3;
  await patient.send(new GetObjectCommand(at));
  await patient.send(new HeadObjectCommand(at));
  expect(faulty.cloud.calls().map(({ operation, error }) => `${operation} ${error}`)).toEqual([
    ...["CreateBucket undefined", "PutObject SlowDown", "PutObject undefined"],
    ...["GetObject InternalError", "GetObject undefined", "HeadObject InternalError", "HeadObject undefined"],
  ]);
  await faulty.close();
});
