import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { clientSettings, type Settings } from "#platform";
import type { StatusShelf } from "../status-page/ports.ts";

/** A page that is made anew each minute may be as old again as this, and no reader sees two versions for longer. */
const CacheControl = "max-age=30";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  json: "application/json",
  svg: "image/svg+xml",
};

/** The status page in the watch stack's public bucket. */
export function s3StatusShelf(settings: Settings): StatusShelf {
  const client = new S3Client(clientSettings(settings));
  return {
    put: async (Key, Body) => {
      const ending = Key.slice(Key.lastIndexOf(".") + 1);
      const ContentType = CONTENT_TYPES[ending] ?? "application/octet-stream";
      await client.send(
        new PutObjectCommand({ Bucket: settings.bucket, Key, Body, ContentType, CacheControl }),
      );
    },
  };
}
