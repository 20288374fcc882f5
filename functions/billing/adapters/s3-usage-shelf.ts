import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { GetObjectCommand, NoSuchKey, S3Client } from "@aws-sdk/client-s3";
import { clientSettings, type Settings } from "#platform";
import type { UsageShelf } from "../ports.ts";
import { CorruptPartError } from "../usage/failures.ts";
import { type PartEntry, parseManifest } from "../usage/manifest.ts";
import { MOST_UNPACKED_BYTES, readLines, requireChecksum, unpackFailure } from "../usage/read-part.ts";

const unpack = promisify(gunzip);

/** Usage in the stage's bucket, below `usage/DAY/` (docs/usage.md). */
export function s3UsageShelf(settings: Settings): UsageShelf {
  const client = new S3Client(clientSettings(settings));
  const read = async (Key: string): Promise<Uint8Array | undefined> => {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: settings.bucket, Key }));
      return await Body?.transformToByteArray();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  };
  return {
    manifest: async (day) => {
      const bytes = await read(`usage/${day}/manifest.json`);
      return bytes === undefined ? undefined : parseManifest(Buffer.from(bytes).toString("utf8"), day);
    },
    part: async (day, entry) => {
      const packed = await read(`usage/${day}/${entry.key}`);
      if (packed === undefined) throw new CorruptPartError(`${entry.key} is not there`);
      requireChecksum(packed, entry);
      return readLines(await text(packed, entry), entry);
    },
  };
}

async function text(packed: Uint8Array, entry: PartEntry): Promise<string> {
  try {
    const bytes = await unpack(packed, { maxOutputLength: MOST_UNPACKED_BYTES });
    return bytes.toString("utf8");
  } catch (error) {
    throw unpackFailure(entry, error);
  }
}
