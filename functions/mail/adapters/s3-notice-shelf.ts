import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { clientSettings, type Settings } from "#platform";
import type { NoticeShelf } from "../ports.ts";

/** Files of notices in the stage's bucket. S3 lists keys in the order of their UTF-8 bytes, 1000 at a time. */
export function s3NoticeShelf(settings: Settings): NoticeShelf {
  const client = new S3Client(clientSettings(settings));
  const Bucket = settings.bucket;
  return {
    list: async (Prefix, after) => {
      const { Contents = [] } = await client.send(
        new ListObjectsV2Command({ Bucket, Prefix, StartAfter: after }),
      );
      return Contents.flatMap(({ Key }) => Key ?? []);
    },
    lines: async (Key) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      const lines = ((await Body?.transformToString("utf-8")) ?? "").split("\n");
      return lines.at(-1) === "" ? lines.slice(0, -1) : lines; // what follows the last line break is no line
    },
  };
}
