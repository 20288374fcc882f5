import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { s3NoticeShelf } from "../../../../functions/mail/adapters/s3-notice-shelf.ts";
import type { NoticeShelf } from "../../../../functions/mail/ports.ts";
import { type OpenStage, openStage } from "../../ami/fakes/open-stage.ts";
import { fakeShelf } from "../fakes/notice-desk.ts";

const FILES: Record<string, readonly string[]> = {
  "nights/2026-11-22/notices/00000-000000.jsonl": ['{"id":"a"}', '{"id":"ü✓"}'],
  "nights/2026-11-22/notices/00000-005000.jsonl": ['{"id":"c"}'],
  "nights/2026-11-22/notices/00001-000000.jsonl": ["", "{", ""],
  "nights/2026-11-22/notices/00002-000000.jsonl": [],
  "nights/2026-11-22/parts/00000.json": ["{}"],
  "nights/2026-11-23/notices/00000-000000.jsonl": ['{"id":"d"}'],
};
const PREFIX = "nights/2026-11-22/notices/";
const NOTICES = Object.keys(FILES).filter((key) => key.startsWith(PREFIX));

let open: OpenStage;
beforeAll(async () => {
  open = await openStage();
  const { bucket: Bucket, region } = open.settings();
  const client = new S3Client({ region });
  for (const [Key, lines] of Object.entries(FILES).reverse())
    await client.send(
      new PutObjectCommand({ Bucket, Key, Body: Buffer.from(lines.map((one) => `${one}\n`).join("")) }),
    );
  const Body = "without an end";
  await client.send(new PutObjectCommand({ Bucket, Key: "nights/cut.jsonl", Body }));
  const many = Array.from({ length: 1003 }, (_, file) => `nights/many/${file + 1000}`);
  while (many.length > 0)
    await Promise.all(
      many.splice(0, 50).map((Key) => client.send(new PutObjectCommand({ Bucket, Key, Body: "{}" }))),
    );
}, 60_000);
afterAll(() => open.close());

/** The one in S3, and the fake that the other tests stand on, must behave alike. */
const SHELVES: [name: string, make: () => NoticeShelf][] = [
  ["S3", () => s3NoticeShelf(open.settings())],
  ["the fake", () => fakeShelf(FILES)],
];

describe.each(SHELVES)("the shelf in %s", (_name, make) => {
  test("lists what lies below the prefix, in order, and what comes after a file", async () => {
    const shelf = make();
    expect((await shelf.list(PREFIX, undefined)).slice(0, 2)).toEqual(NOTICES.slice(0, 2));
    expect(await shelf.list(PREFIX, NOTICES[1])).toEqual(NOTICES.slice(2));
    expect(await shelf.list(PREFIX, NOTICES.at(-1))).toEqual([]);
    expect(await shelf.list("nights/2026-11-24/", undefined)).toEqual([]);
  });

  test.each(NOTICES)("gives the lines of %s, empty ones too", async (key) => {
    expect(await make().lines(key)).toEqual(FILES[key]);
  });
});

describe("S3 itself", () => {
  test("lists a thousand at a time", async () => {
    const shelf = s3NoticeShelf(open.settings());
    const first = await shelf.list("nights/many/", undefined);
    expect(first).toHaveLength(1000);
    expect(await shelf.list("nights/many/", first.at(-1))).toHaveLength(3);
  });

  test("gives a last line that has no end", async () => {
    expect(await s3NoticeShelf(open.settings()).lines("nights/cut.jsonl")).toEqual(["without an end"]);
  });
});
