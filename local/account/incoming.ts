import type { IncomingMessage } from "node:http";
import type { Service } from "../cloud/contract.ts";
import { AwsError } from "./aws-error.ts";
import { type Params, text, unfoldForm } from "./query-protocol.ts";

/** A request, taken apart. */
export interface Incoming {
  readonly service: Service;
  readonly region: string;
  readonly operation: string;
  /** The SDK's application id: who calls. */
  readonly caller: string;
  readonly protocol: "ec2" | "query" | "json";
  readonly params: Params;
  readonly json: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

/** Signing name in the credential scope → service. SES signs as "ses" or, historically, "email". */
const SIGNING_NAMES: Readonly<Record<string, Service>> = {
  ec2: "ec2",
  ssm: "ssm",
  ses: "ses",
  email: "ses",
  sts: "sts",
  cloudformation: "cloudformation",
  dynamodb: "dynamodb",
  states: "states",
  servicequotas: "servicequotas",
};

/**
 * Tells service and region from the credential scope of the signature (`…/DATE/REGION/SERVICE/aws4_request`, SigV4),
 * as AWS's own front ends do. The signature itself is not verified.
 */
export function identify(request: IncomingMessage, body: Buffer): Incoming {
  const scope = /Credential=[^/]+\/\d{8}\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request/.exec(
    request.headers.authorization ?? "",
  );
  const [, region = "", signingName = ""] = scope ?? [];
  const service = SIGNING_NAMES[signingName];
  if (scope === null) {
    throw new AwsError("MissingAuthenticationToken", "Request is missing Authentication Token", 403);
  }
  if (service === undefined)
    throw new AwsError("UnknownService", `the rehearsal cloud has no ${signingName}`, 404);
  const caller = /\bapp\/([\w-]+)/.exec(userAgent(request))?.[1] ?? "";
  const common = { service, region, caller, body };
  const target = request.headers["x-amz-target"];
  if (typeof target === "string") {
    const json = JSON.parse(body.toString() || "{}");
    return { ...common, protocol: "json", operation: target.split(".").at(-1) ?? "", params: {}, json };
  }
  const params = unfoldForm(body.toString());
  const operation = text(params, "Action") ?? "";
  return { ...common, protocol: service === "ec2" ? "ec2" : "query", operation, params, json: {} };
}

function userAgent(request: IncomingMessage): string {
  return `${request.headers["user-agent"] ?? ""} ${request.headers["x-amz-user-agent"] ?? ""}`;
}

/** The names of tables and parameters that a request is about, for the permissions test. */
export function resourcesOf({ json }: Incoming): string[] {
  const single = [json.TableName, json.Name, json.Path, json.ResourceId, json.executionArn];
  const names = Array.isArray(json.Names) ? json.Names : [];
  return [...single, ...names].filter((one) => typeof one === "string");
}
