import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { crc32 } from "node:zlib";
import { AwsError } from "../aws-error.ts";

/** A body as S3 stores it. */
export interface Payload {
  readonly content: Buffer;
  /** Of x-amz-checksum-crc32, base64, when the client sent one. */
  readonly crc32: string | undefined;
}

/**
 * What a request's body holds: the body, or with `content-encoding: aws-chunked` its chunks put together (S3 API,
 * "Signature calculations for the Authorization header: transferring payload in multiple chunks"). Checksums that
 * came with it are verified: CRC-32, which the SDK sends, and MD5. Others are not looked at.
 * @throws AwsError IncompleteBody, BadDigest
 */
export function readPayload(headers: IncomingHttpHeaders, body: Buffer): Payload {
  const isChunked = textOf(headers, "content-encoding")?.split(",").some(isAwsChunked) === true;
  const { content, trailers } = isChunked ? joinChunks(body) : { content: body, trailers: {} };
  const sent = textOf(headers, "x-amz-checksum-crc32") ?? trailers["x-amz-checksum-crc32"];
  if (sent !== undefined && sent !== crc32Of(content)) throw badDigest("CRC32");
  const md5 = textOf(headers, "content-md5");
  if (md5 !== undefined && md5 !== createHash("md5").update(content).digest("base64")) throw badDigest("MD5");
  return { content, crc32: sent };
}

/** The encodings of the content itself: `aws-chunked` belongs to the transfer. */
export function contentEncoding(headers: IncomingHttpHeaders): string | undefined {
  const own = (textOf(headers, "content-encoding") ?? "")
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "" && !isAwsChunked(one));
  return own.length === 0 ? undefined : own.join(",");
}

/** A header that is there at most once. */
export function textOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : undefined;
}

/** Each chunk is `SIZE-IN-HEX[;extension]\r\n…\r\n`; after the empty one come trailers, as in HTTP's own chunks. */
function joinChunks(body: Buffer): { content: Buffer; trailers: Record<string, string> } {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = body.indexOf("\r\n", at);
    const [, digits] =
      /^([0-9a-fA-F]+)(?:;|$)/.exec(body.toString("latin1", at, Math.max(at, lineEnd))) ?? [];
    if (digits === undefined) throw incomplete();
    const start = lineEnd + 2;
    const size = Number.parseInt(digits, 16);
    if (size === 0) return { content: Buffer.concat(chunks), trailers: readTrailers(body.subarray(start)) };
    if (start + size > body.length) throw incomplete();
    chunks.push(body.subarray(start, start + size));
    at = start + size + 2;
  }
}

function readTrailers(rest: Buffer): Record<string, string> {
  const lines = rest.toString("latin1").split("\r\n");
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, name, value] = /^([^:]+):\s*(.*?)\s*$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name.toLowerCase(), value]];
    }),
  );
}

function crc32Of(content: Buffer): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(content));
  return bytes.toString("base64");
}

function isAwsChunked(encoding: string): boolean {
  return encoding.trim() === "aws-chunked";
}

function incomplete(): AwsError {
  return new AwsError(
    "IncompleteBody",
    "You did not provide the number of bytes specified by the Content-Length HTTP header",
  );
}

function badDigest(algorithm: string): AwsError {
  return new AwsError(
    "BadDigest",
    `The ${algorithm} you specified did not match what we received or calculated.`,
  );
}
