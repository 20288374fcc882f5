import { AwsError } from "../aws-error.ts";
import type { Incoming } from "../incoming.ts";
import type { RawAnswer, ServiceModel } from "../service-model.ts";
import { requireDecodable, type S3Address, s3Address } from "./address.ts";
import type { Buckets, S3Requests } from "./buckets.ts";
import { listObjects } from "./list-objects.ts";
import { deleteObject, emptyAnswer, getObject, type ObjectRequest, putObject } from "./object-calls.ts";

type Carry = (buckets: Buckets, address: S3Address, request: Incoming) => RawAnswer;

interface Operation {
  /** What a request of it costs; undefined for what is free, or done once by the owner. */
  readonly price: keyof S3Requests | undefined;
  readonly carry: Carry;
}

/** What it can be asked. */
export const S3_OPERATIONS: Readonly<Record<string, Operation>> = {
  PutObject: { price: "put", carry: onObject(putObject) },
  GetObject: { price: "get", carry: onObject(getObject) },
  HeadObject: { price: "get", carry: onObject(getObject) },
  DeleteObject: { price: undefined, carry: onObject(deleteObject) },
  ListObjectsV2: {
    price: "put",
    carry: (buckets, { bucket, query }, { region }) => {
      const body = listObjects(buckets.get(bucket, region), query);
      return { status: 200, contentType: "application/xml", body: Buffer.from(body), error: undefined };
    },
  },
  CreateBucket: { price: undefined, carry: createBucket },
  HeadBucket: {
    price: undefined,
    carry: (buckets, { bucket }, { region }) =>
      emptyAnswer(200, { "x-amz-bucket-region": buckets.get(bucket, region).region }),
  },
};

/** S3 (REST and XML, path style): buckets on disk. A request that fails is charged as one that does not. */
export function s3Model(buckets: Buckets): ServiceModel {
  return {
    service: "s3",
    protocol: "rest-xml",
    namespace: "",
    operations: Object.keys(S3_OPERATIONS),
    resourcesOf: ({ target }) => {
      const { bucket, key } = s3Address(target);
      return bucket === "" ? [] : [key === undefined ? bucket : `${bucket}/${key}`];
    },
    carryOut: async (request) => {
      const { price, carry } = operationOf(request);
      requireDecodable(request.target);
      if (price !== undefined) buckets.requests[price] += 1;
      return { kind: "raw", answer: carry(buckets, s3Address(request.target), request) };
    },
  };
}

function operationOf({ operation }: Incoming): Operation {
  const found = S3_OPERATIONS[operation];
  if (found === undefined) throw new AwsError("NotImplemented", `No such operation: ${operation}`);
  return found;
}

function onObject(call: (request: ObjectRequest) => RawAnswer): Carry {
  return (buckets, { bucket, key = "" }, { region, headers, body }) =>
    call({ buckets, bucket: buckets.get(bucket, region), key, headers, body });
}

/** Repeating it succeeds in us-east-1 and is an error elsewhere (S3 API, CreateBucket, BucketAlreadyOwnedByYou). */
function createBucket(buckets: Buckets, { bucket }: S3Address, { region, body }: Incoming): RawAnswer {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw new AwsError("InvalidBucketName", "The specified bucket is not valid.");
  }
  const [, constraint = "us-east-1"] = /<LocationConstraint>([^<]*)</.exec(body.toString("utf8")) ?? [];
  if (constraint !== region) {
    throw new AwsError(
      "IllegalLocationConstraintException",
      `The ${constraint} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    );
  }
  if (buckets.find(bucket) === undefined) buckets.create(bucket, region);
  else if (region !== "us-east-1") {
    throw new AwsError(
      "BucketAlreadyOwnedByYou",
      "Your previous request to create the named bucket succeeded and you already own it.",
    );
  }
  return emptyAnswer(200, { location: `/${bucket}` });
}
