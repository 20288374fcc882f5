import type { IncomingHttpHeaders } from "node:http";
import { AwsError } from "../aws-error.ts";
import type { RawAnswer } from "../service-model.ts";
import type { Bucket, Buckets, StoredObject } from "./buckets.ts";
import { objectFile } from "./object-file.ts";
import { contentEncoding, readPayload, textOf } from "./payload.ts";

/** A request about one object. */
export interface ObjectRequest {
  readonly buckets: Buckets;
  readonly bucket: Bucket;
  readonly key: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** PutObject. Conditions: If-None-Match with `*`, and If-Match (S3 guide, "How to prevent object overwrites"). */
export function putObject({ buckets, bucket, key, headers, body }: ObjectRequest): RawAnswer {
  objectFile(key);
  const { content, crc32 } = readPayload(headers, body);
  requireConditions(bucket.objects.get(key), headers);
  const stored = buckets.put(bucket, key, content, { headers: keptHeaders(headers), crc32 });
  return emptyAnswer(200, { etag: quoted(stored), ...checksum(stored) });
}

/** GetObject; HeadObject is the same, and the door sends no body. One range at most. */
export function getObject({ buckets, bucket, key, headers }: ObjectRequest): RawAnswer {
  const stored = bucket.objects.get(key);
  if (stored === undefined) throw noSuchKey();
  refuse(headers, ["if-none-match", "if-modified-since", "if-unmodified-since"]);
  requireConditions(stored, headers);
  const content = buckets.read(stored);
  const range = rangeOf(textOf(headers, "range"), content.length);
  const { "content-type": contentType = "binary/octet-stream", ...others } = stored.headers;
  const answered = {
    ...others,
    etag: quoted(stored),
    "last-modified": stored.lastModified.toUTCString(),
    "accept-ranges": "bytes",
  };
  if (range === undefined) {
    const asked = textOf(headers, "x-amz-checksum-mode")?.toUpperCase() === "ENABLED";
    const more = asked ? checksum(stored) : {};
    return { status: 200, contentType, body: content, error: undefined, headers: { ...answered, ...more } };
  }
  const { first, last } = range;
  const body = content.subarray(first, last + 1);
  const place = { "content-range": `bytes ${first}-${last}/${content.length}` };
  return { status: 206, contentType, body, error: undefined, headers: { ...answered, ...place } };
}

/** DeleteObject succeeds whether or not there is such an object; with If-Match there must be this one. */
export function deleteObject({ buckets, bucket, key, headers }: ObjectRequest): RawAnswer {
  requireConditions(bucket.objects.get(key), headers);
  buckets.remove(bucket, key);
  return emptyAnswer(204);
}

/** An answer without a body. */
export function emptyAnswer(status: number, headers: Readonly<Record<string, string>> = {}): RawAnswer {
  return { status, contentType: "", body: Buffer.alloc(0), error: undefined, headers };
}

function requireConditions(standing: StoredObject | undefined, headers: IncomingHttpHeaders): void {
  const ifNoneMatch = textOf(headers, "if-none-match");
  if (ifNoneMatch !== undefined && ifNoneMatch !== "*") throw notImplemented();
  if (ifNoneMatch !== undefined && standing !== undefined) throw preconditionFailed();
  const ifMatch = textOf(headers, "if-match");
  if (ifMatch === undefined) return;
  if (standing === undefined) throw noSuchKey();
  if (ifMatch !== "*" && ifMatch.replaceAll('"', "") !== standing.etag) throw preconditionFailed();
}

/** `bytes=FIRST-LAST`, `bytes=FIRST-` or `bytes=-COUNT` (RFC 9110, 14.1.2). What is no range is ignored. */
function rangeOf(range: string | undefined, size: number): { first: number; last: number } | undefined {
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(range ?? "") ?? [];
  if (from === "" && to === "") return undefined;
  const first = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== "" && to !== "" && Number(from) > Number(to)) return undefined;
  if (first >= size) throw new AwsError("InvalidRange", "The requested range is not satisfiable");
  return { first, last };
}

/** What S3 stores beside the content and gives back with it. */
function keptHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const own = ["content-type", "cache-control", "content-disposition", "content-language", "expires"];
  const encoding = contentEncoding(headers);
  const kept = Object.keys(headers)
    .filter((name) => own.includes(name) || name.startsWith("x-amz-meta-"))
    .flatMap((name) => {
      const value = textOf(headers, name);
      return value === undefined ? [] : [[name, value]];
    });
  return { ...Object.fromEntries(kept), ...(encoding === undefined ? {} : { "content-encoding": encoding }) };
}

function checksum({ crc32 }: StoredObject): Record<string, string> {
  if (crc32 === undefined) return {};
  return { "x-amz-checksum-crc32": crc32, "x-amz-checksum-type": "FULL_OBJECT" };
}

function quoted({ etag }: StoredObject): string {
  return `"${etag}"`;
}

/** A condition that is not modelled must not be taken for one that holds. */
function refuse(headers: IncomingHttpHeaders, names: readonly string[]): void {
  if (names.some((name) => headers[name] !== undefined)) throw notImplemented();
}

function notImplemented(): AwsError {
  return new AwsError(
    "NotImplemented",
    "A header you provided implies functionality that is not implemented",
  );
}

function noSuchKey(): AwsError {
  return new AwsError("NoSuchKey", "The specified key does not exist.");
}

function preconditionFailed(): AwsError {
  return new AwsError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
}
