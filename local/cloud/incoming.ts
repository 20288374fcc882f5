import type { IncomingMessage } from "node:http";
import { AwsError } from "./aws-error.ts";
import type { Service } from "./contract.ts";
import { type Params, unfoldForm } from "./form.ts";
import { s3OperationOf } from "./s3/address.ts";

/** A request as it came over the wire, its body read. */
export interface WireRequest {
  readonly method: string;
  /** Path and query, percent-encoded: `/bucket/key?x-id=GetObject`. */
  readonly target: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** A request, recognised: which service is asked for what, where, and by whom. */
export interface Incoming extends WireRequest {
  readonly service: Service;
  readonly operation: string;
  readonly region: string;
  /** The SDK's application id, empty when the client has none. */
  readonly caller: string;
  /** Of query services; empty for JSON ones. */
  readonly params: Params;
  /** Of JSON services; undefined for query ones. */
  readonly json: unknown;
}

const SIGNING_NAMES: ReadonlySet<string> = new Set<Service>([
  "ec2",
  "ssm",
  "ses",
  "sts",
  "cloudformation",
  "dynamodb",
  "states",
  "s3",
  "servicequotas",
]);

/**
 * Recognises a request by its Signature Version 4 credential scope (`KEY/DATE/REGION/SERVICE/aws4_request`) and by
 * X-Amz-Target (JSON), Action (query), or method and path (S3). The signature itself is not verified: every key opens the rehearsed account.
 * @throws AwsError MissingAuthenticationToken, InvalidAction, UnknownOperationException, SerializationException
 */
export function recognise(request: WireRequest): Incoming {
  const { method, target: path, headers, body } = request;
  const { region, service } = credentialScope(headers.authorization);
  const target = headers["x-amz-target"];
  const common = { ...request, service, region, caller: applicationId(headers["user-agent"]) };
  if (service === "s3") {
    return { ...common, operation: s3OperationOf(method, path, headers), params: {}, json: undefined };
  }
  if (typeof target === "string") {
    return { ...common, operation: target.slice(target.indexOf(".") + 1), params: {}, json: parseJson(body) };
  }
  const params = unfoldForm(body.toString("utf8"));
  const operation = params.Action;
  if (typeof operation !== "string") {
    throw new AwsError("MissingAction", "The request is missing an Action or a X-Amz-Target.");
  }
  return { ...common, operation, params, json: undefined };
}

function credentialScope(authorization: string | undefined): { region: string; service: Service } {
  const scope = /Credential=[^/\s,]+\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/.exec(authorization ?? "");
  const [, region, service] = scope ?? [];
  if (region === undefined || service === undefined) {
    throw new AwsError("MissingAuthenticationToken", "Request is missing Authentication Token");
  }
  if (!isService(service)) {
    throw new AwsError("UnknownService", `The rehearsal cloud has no service ${service}.`, 501);
  }
  return { region, service };
}

function isService(name: string): name is Service {
  return SIGNING_NAMES.has(name);
}

/** `app/NAME` of the SDK's user agent (AWS SDK reference, "Application ID"). */
function applicationId(userAgent: string | undefined): string {
  return /(?:^|\s)app\/(\S+)/.exec(userAgent ?? "")?.[1] ?? "";
}

function parseJson(body: Buffer): unknown {
  try {
    return body.length === 0 ? {} : JSON.parse(body.toString("utf8"));
  } catch {
    throw new AwsError("SerializationException", "The request body is not JSON.");
  }
}
