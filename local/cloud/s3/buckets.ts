import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Account } from "../account.ts";
import { AwsError } from "../aws-error.ts";
import { objectFile } from "./object-file.ts";

/** An object but for its content, which lies in `file`. */
export interface StoredObject {
  readonly key: string;
  readonly file: string;
  readonly size: number;
  /** MD5 in hexadecimal digits, without the quotes of the header. */
  readonly etag: string;
  readonly sha256: string;
  /** To the second, as S3 keeps it. */
  readonly lastModified: Date;
  /** Headers that were stored with it and come back with it: content-type, content-encoding, x-amz-meta-… */
  readonly headers: Readonly<Record<string, string>>;
  readonly crc32: string | undefined;
}

/** What a bucket holds. */
export interface Bucket {
  readonly name: string;
  readonly region: string;
  readonly objects: Map<string, StoredObject>;
}

/** Requests so far, by price class (aws.amazon.com/s3/pricing, "Requests & data retrievals"). */
export interface S3Requests {
  /** PUT and LIST. */
  put: number;
  /** GET and HEAD. */
  get: number;
}

/**
 * The account's buckets. Contents are files under `s3/BUCKET/` of the cloud's folder, so that a person can look at
 * them; the index is in memory. Every change is made in one turn of the event loop, so that conditions hold between
 * concurrent requests, and is seen by every request that comes after it (S3 guide, "data consistency model").
 */
export class Buckets {
  readonly requests: S3Requests = { put: 0, get: 0 };
  readonly #account: Account;
  readonly #buckets = new Map<string, Bucket>();

  constructor(account: Account) {
    this.#account = account;
  }

  /** Every bucket, in the order in which they were made. */
  all(): readonly Bucket[] {
    return [...this.#buckets.values()];
  }

  find(name: string): Bucket | undefined {
    return this.#buckets.get(name);
  }

  /** @throws AwsError NoSuchBucket; PermanentRedirect when the client signs for another region than the bucket's */
  get(name: string, region: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) throw new AwsError("NoSuchBucket", "The specified bucket does not exist");
    if (bucket.region === region) return bucket;
    throw new AwsError(
      "PermanentRedirect",
      "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.",
    );
  }

  create(name: string, region: string): void {
    this.#buckets.set(name, { name, region, objects: new Map() });
    mkdirSync(this.#folder(name), { recursive: true });
  }

  /** Stores an object whole, in place of the one that was there. @throws AwsError when the key will not do */
  put(
    bucket: Bucket,
    key: string,
    content: Buffer,
    more: Pick<StoredObject, "headers" | "crc32">,
  ): StoredObject {
    const file = join(this.#folder(bucket.name), objectFile(key));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    const now = this.#account.clock.now();
    const stored = {
      ...more,
      ...{ key, file, size: content.length },
      etag: createHash("md5").update(content).digest("hex"),
      sha256: createHash("sha256").update(content).digest("hex"),
      lastModified: new Date(Math.floor(now.getTime() / 1000) * 1000),
    };
    bucket.objects.set(key, stored);
    return stored;
  }

  read({ file }: StoredObject): Buffer {
    return readFileSync(file);
  }

  /** Removes an object; there need not be one. */
  remove(bucket: Bucket, key: string): void {
    const stored = bucket.objects.get(key);
    if (stored === undefined) return;
    bucket.objects.delete(key);
    rmSync(stored.file, { force: true });
  }

  #folder(bucket: string): string {
    return join(this.#account.folder, "s3", bucket);
  }
}
