import type { IncomingHttpHeaders } from "node:http";
import { AwsError } from "../aws-error.ts";

/** What a request to S3 is about, in path style: `/BUCKET/KEY?query`. The key is undefined for the bucket itself. */
export interface S3Address {
  readonly bucket: string;
  readonly key: string | undefined;
  readonly query: URLSearchParams;
}

/** Queries of the modelled operations; any other one makes it another operation (S3 API, "Actions"). */
const LISTING = [
  ...["list-type", "prefix", "delimiter", "max-keys", "continuation-token", "start-after"],
  ...["encoding-type", "fetch-owner"],
];

const OF_BUCKET: Readonly<Record<string, string>> = { PUT: "CreateBucket", HEAD: "HeadBucket" };
const OF_OBJECT: Readonly<Record<string, string>> = {
  PUT: "PutObject",
  GET: "GetObject",
  HEAD: "HeadObject",
  DELETE: "DeleteObject",
};

/** Takes a request's target apart. A part that cannot be decoded stays as it came; `requireDecodable` refuses it. */
export function s3Address(target: string): S3Address {
  const [path = "", ...query] = target.split("?");
  const [, bucket = "", key = ""] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  return {
    bucket: decoded(bucket) ?? bucket,
    key: key === "" ? undefined : (decoded(key) ?? key),
    query: new URLSearchParams(query.join("?")),
  };
}

/**
 * The operation that method, path and query stand for. One that is not modelled is named by these, for example
 * `POST ?delete` or `PUT copy`, and refused later on.
 */
export function s3OperationOf(method: string, target: string, headers: IncomingHttpHeaders): string {
  const { bucket, key, query } = s3Address(target);
  const others = [...query.keys()].filter((name) => name !== "x-id" && !LISTING.includes(name));
  if (bucket === "") return `${method} service`;
  if (others.length > 0) return `${method} ?${others.join("&")}`;
  if (headers["x-amz-copy-source"] !== undefined) return `${method} copy`;
  if (key !== undefined) return OF_OBJECT[method] ?? `${method} object`;
  if (method === "GET") return query.get("list-type") === "2" ? "ListObjectsV2" : "ListObjects";
  return OF_BUCKET[method] ?? `${method} bucket`;
}

/** @throws AwsError InvalidURI when the path is not percent-encoded UTF-8 */
export function requireDecodable(target: string): void {
  if (decoded(target.split("?")[0] ?? "") === undefined) throw invalidUri();
}

/** What S3 answers to a path that it cannot make a key of. */
export function invalidUri(): AwsError {
  return new AwsError("InvalidURI", "Couldn't parse the specified URI.");
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
