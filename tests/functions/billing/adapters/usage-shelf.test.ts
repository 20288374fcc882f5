import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { s3UsageShelf } from "../../../../functions/billing/adapters/s3-usage-shelf.ts";
import type { UsageShelf } from "../../../../functions/billing/ports.ts";
import type { PartEntry } from "../../../../functions/billing/usage/manifest.ts";
import { MOST_UNPACKED_BYTES } from "../../../../functions/billing/usage/read-part.ts";
import { putUsage } from "../../../../local/rehearsal/usage-objects.ts";
import { sampleUsage } from "../../../../local/usage/sample-usage.ts";
import { packPart } from "../../../../local/usage/usage-writer.ts";
import { type OpenStage, openStage } from "../../ami/fakes/open-stage.ts";

const DAY = "2026-11-22";
const LINES = [...sampleUsage(DAY, 5)];
const { packed: PACKED, entry: ENTRY } = packPart(0, LINES);

let open: OpenStage;
let client: S3Client;
let shelf: UsageShelf;
beforeAll(async () => {
  open = await openStage();
  client = new S3Client({ region: open.settings().region });
  shelf = s3UsageShelf(open.settings());
}, 30_000);
afterAll(async () => {
  client.destroy();
  await open.close();
});

describe("a day", () => {
  it("is not ready while it has no manifest", async () => {
    await put("usage/2026-11-20/part-00000.jsonl.gz", PACKED);
    expect(await shelf.manifest("2026-11-20")).toBeUndefined();
  });

  it("is read part by part, as the service left it", async () => {
    const parts = [LINES.slice(0, 3), LINES.slice(3)];
    await putUsage({ region: open.settings().region }, open.settings().bucket, DAY, parts);
    const manifest = await shelf.manifest(DAY);
    expect(manifest).toMatchObject({ day: DAY, accounts: 5 });
    expect(await Promise.all((manifest?.parts ?? []).map((entry) => shelf.part(DAY, entry)))).toEqual(parts);
  });

  it("is refused whole when its manifest cannot be", async () => {
    await put("usage/2026-11-19/manifest.json", '{"version":1,"day":"2026-11-19","acc');
    await expect(shelf.manifest("2026-11-19")).rejects.toMatchObject({ name: "UsageManifestError" });
  });
});

describe("a part is corrupt", () => {
  const text = gunzipSync(PACKED).toString("utf8");
  const flipped = Buffer.from(PACKED);
  flipped.writeUInt8((flipped.at(20) ?? 0) ^ 1, 20);

  it.each<[why: string, packed: Buffer, entry: PartEntry, reason: string]>([
    ["a bit is another one", flipped, ENTRY, "SHA-256 is"],
    ["a bit was another one before the checksum", flipped, entryOf(flipped), "cannot be unpacked: "],
    ["it was cut", PACKED.subarray(0, -12), entryOf(PACKED.subarray(0, -12)), "unexpected end of file"],
    ["it was never packed", Buffer.from(text), entryOf(Buffer.from(text)), "incorrect header check"],
    ...forged("a line too many", `${text}${text.split("\n")[0]}\n`, "6 lines, the manifest says 5"),
    ...forged("an account twice", text.replace("a00002", "a00001"), "account a00001 stands there twice"),
    ...forged("another sum", text.replace('"bytesOut":"', '"bytesOut":"1'), "bytesOut sum to"),
    ...forged("a cut last line", text.slice(0, -1), "the last line has no end"),
    ...forged("a line that is none", text.replace("a00003", "a 3"), "line 3: account"),
    ...forged("a bomb", Buffer.alloc(MOST_UNPACKED_BYTES + 1), "over 67108864 bytes unpacked"),
  ])("%s", async (_, packed, entry, reason) => {
    await put(`usage/${DAY}/${entry.key}`, packed);
    const reading = shelf.part(DAY, entry);
    await expect(reading).rejects.toMatchObject({ name: "CorruptPartError" });
    await expect(reading).rejects.toThrow(`${entry.key}`);
    await expect(reading).rejects.toThrow(reason);
  });

  it("when it is not there", async () => {
    const missing = shelf.part(DAY, { ...ENTRY, key: "part-00099.jsonl.gz" });
    await expect(missing).rejects.toMatchObject({
      name: "CorruptPartError",
      message: "part-00099.jsonl.gz is not there",
    });
  });
});

it("what S3 refuses for other reasons is neither a day that is not ready nor a corrupt part", async () => {
  const elsewhere = s3UsageShelf({ ...open.settings(), bucket: "nightshift-nowhere-000000000000" });
  await expect(elsewhere.manifest(DAY)).rejects.toMatchObject({ name: "NoSuchBucket" });
  await expect(elsewhere.part(DAY, ENTRY)).rejects.toMatchObject({ name: "NoSuchBucket" });
});

async function put(Key: string, Body: Buffer | string): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket: open.settings().bucket, Key, Body }));
}

/** The manifest's entry with the checksum of other bytes, so that only what comes after the checksum can tell. */
function entryOf(packed: Buffer): PartEntry {
  return { ...ENTRY, sha256: createHash("sha256").update(packed).digest("hex") };
}

function forged(
  why: string,
  unpacked: string | Buffer,
  reason: string,
): [[string, Buffer, PartEntry, string]] {
  const packed = gzipSync(unpacked);
  return [[why, packed, entryOf(packed), reason]];
}
