import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Day } from "#ledger";
import { addUsage, type Manifest } from "../../functions/billing/usage/manifest.ts";
import type { UsageLine } from "../../functions/billing/usage/usage-line.ts";
import { formatManifest, packPart } from "../usage/usage-writer.ts";
import type { ClientOptions } from "./prepared-account.ts";

/** Leaves a day's usage where the service leaves it: the parts, then the manifest (docs/usage.md). */
export async function putUsage(
  client: ClientOptions,
  Bucket: string,
  day: Day,
  parts: readonly (readonly UsageLine[])[],
): Promise<void> {
  const s3 = new S3Client(client);
  const put = (key: string, Body: Buffer | string) =>
    s3.send(new PutObjectCommand({ Bucket, Key: `usage/${day}/${key}`, Body }));
  const packed = parts.map((lines, index) => packPart(index, lines));
  for (const part of packed) await put(part.entry.key, part.packed);
  const all = parts.flat();
  const entries = packed.map(({ entry }) => entry);
  const manifest: Manifest = { version: 1, day, accounts: all.length, ...addUsage(all), parts: entries };
  await put("manifest.json", formatManifest(manifest));
  s3.destroy();
}
