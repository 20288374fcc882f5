import { AwsError } from "../aws-error.ts";
import { Repeated, toXml, type Xml } from "../xml.ts";
import type { Bucket, StoredObject } from "./buckets.ts";

/** Keys on a page, at most (S3 API, ListObjectsV2, max-keys). */
const PAGE = 1000;

/** One line of a listing: an object, or a prefix that several keys share up to the delimiter. */
interface Row {
  readonly name: string;
  readonly object: StoredObject | undefined;
}

/**
 * ListObjectsV2: keys in the order of their UTF-8 bytes, as general purpose buckets list them. Tokens hold the last
 * row's name, so that what is made or removed between two pages neither repeats nor hides another key.
 * @throws AwsError InvalidArgument
 */
export function listObjects(bucket: Bucket, query: URLSearchParams): string {
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const startAfter = query.get("start-after") ?? undefined;
  const token = query.get("continuation-token") ?? undefined;
  const size = Math.min(PAGE, pageSize(query.get("max-keys")));
  const after = token === undefined ? startAfter : readToken(token);
  const rows = rowsOf(bucket, prefix, delimiter).filter(
    ({ name }) => after === undefined || compareBytes(name, after) > 0,
  );
  const page = rows.slice(0, size);
  const last = page.at(-1);
  const isTruncated = last !== undefined && page.length < rows.length;
  const write = query.get("encoding-type") === "url" ? encodeURIComponent : (name: string) => name;
  return resultXml({
    Name: bucket.name,
    Prefix: write(prefix),
    Delimiter: delimiter === "" ? undefined : write(delimiter),
    StartAfter: startAfter === undefined ? undefined : write(startAfter),
    ContinuationToken: token,
    NextContinuationToken: isTruncated ? writeToken(last.name) : undefined,
    EncodingType: query.get("encoding-type") ?? undefined,
    KeyCount: page.length,
    MaxKeys: size,
    IsTruncated: isTruncated,
    Contents: new Repeated(
      page.flatMap(({ object }) => (object === undefined ? [] : contents(object, write))),
    ),
    CommonPrefixes: new Repeated(
      page.flatMap(({ name, object }) => (object === undefined ? { Prefix: write(name) } : [])),
    ),
  });
}

function rowsOf({ objects }: Bucket, prefix: string, delimiter: string): Row[] {
  const found = [...objects.values()].filter(({ key }) => key.startsWith(prefix));
  const rows = new Map<string, Row>();
  for (const object of found) {
    const end = delimiter === "" ? -1 : object.key.indexOf(delimiter, prefix.length);
    const name = end < 0 ? object.key : object.key.slice(0, end + delimiter.length);
    rows.set(`${end < 0} ${name}`, { name, object: end < 0 ? object : undefined });
  }
  return [...rows.values()].sort((a, b) => compareBytes(a.name, b.name));
}

function contents({ key, lastModified, etag, size }: StoredObject, write: (name: string) => string): Xml {
  return {
    Key: write(key),
    LastModified: lastModified,
    ETag: `"${etag}"`,
    Size: size,
    StorageClass: "STANDARD",
  };
}

function resultXml(result: { readonly [name: string]: Xml }): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${toXml(result, "member")}</ListBucketResult>`;
}

function pageSize(text: string | null): number {
  if (text === null) return PAGE;
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new AwsError("InvalidArgument", "Provided max-keys not an integer or within integer range");
}

function writeToken(name: string): string {
  return Buffer.from(`1${name}`).toString("base64");
}

function readToken(token: string): string {
  const text = Buffer.from(token, "base64").toString("utf8");
  if (text.startsWith("1") && writeToken(text.slice(1)) === token) return text.slice(1);
  throw new AwsError("InvalidArgument", "The continuation token provided is incorrect");
}

/** JavaScript compares UTF-16 units, which puts characters beyond the first 65,536 elsewhere. */
function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
