import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Day } from "#ledger";
import { clientSettings, type Settings } from "#platform";
import { toJson } from "../day-record.ts";
import { PartProgressSchema } from "../part-progress.ts";
import type { NightShelf } from "../ports.ts";

/** The working papers of nights, in the stage's bucket below `nights/DAY/`. */
export function s3NightShelf(settings: Settings): NightShelf {
  const client = new S3Client(clientSettings(settings));
  const Bucket = settings.bucket;
  const put = (Key: string, Body: string, ContentType: string) =>
    client.send(new PutObjectCommand({ Bucket, Key, Body, ContentType }));
  return {
    progress: async (day, part) => {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: partKey(day, part) }));
        return PartProgressSchema.parse(JSON.parse((await Body?.transformToString()) ?? ""));
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
    keepProgress: async (day, part, progress) => {
      await put(partKey(day, part), toJson(progress), "application/json");
    },
    keepNotices: async (day, part, from, notices) => {
      const lines = notices.map((notice) => `${JSON.stringify(notice)}\n`).join("");
      await put(
        `${noticesPrefix(day)}${digits(part, 5)}-${digits(from, 6)}.jsonl`,
        lines,
        "application/jsonl",
      );
    },
  };
}

/** Where the notices of a night lie. */
export function noticesPrefix(day: Day): string {
  return `nights/${day}/notices/`;
}

function partKey(day: Day, part: number): string {
  return `nights/${day}/parts/${digits(part, 5)}.json`;
}

function digits(value: number, length: number): string {
  return String(value).padStart(length, "0");
}
