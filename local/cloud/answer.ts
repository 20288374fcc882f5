import type { AwsError } from "./aws-error.ts";
import type { Incoming } from "./incoming.ts";
import type { Outcome, Protocol, RawAnswer, ServiceModel } from "./service-model.ts";
import { ec2Answer, ec2Error, queryAnswer, queryError, toXml } from "./xml.ts";

const XML = "text/xml;charset=UTF-8";

/** Writes an outcome in the protocol of its service. */
export function writeOutcome(
  model: ServiceModel,
  request: Incoming,
  outcome: Outcome,
  requestId: string,
): RawAnswer {
  if (outcome.kind === "raw") return outcome.answer;
  if (outcome.kind === "json") return succeeded(jsonType(model.protocol), JSON.stringify(outcome.result));
  const { operation } = request;
  const body =
    model.protocol === "ec2"
      ? ec2Answer(operation, requestId, outcome.result)
      : queryAnswer(model.namespace, operation, requestId, outcome.result);
  return succeeded(XML, body);
}

/** Writes an error in a protocol. Services of the JSON protocols put the code into `__type`. */
export function writeError(
  protocol: Protocol,
  namespace: string,
  error: AwsError,
  requestId: string,
): RawAnswer {
  if (protocol === "ec2") return failed(error, XML, ec2Error(error, requestId));
  if (protocol === "query") return failed(error, XML, queryError(namespace, error, requestId));
  if (protocol === "rest-xml") return failed(error, "application/xml", restError(error, requestId));
  const body = JSON.stringify({ __type: error.code, message: error.message });
  // EC2's and the query services' codes have statuses of their own; the JSON protocols know 400 and 5xx only.
  const status = error.status >= 500 ? error.status : 400;
  return { ...failed(error, jsonType(protocol), body), status };
}

/** An error of S3 (S3 API, "Error responses"). */
function restError({ code, message }: AwsError, requestId: string): string {
  const detail = { Error: { Code: code, Message: message, RequestId: requestId } };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${toXml(detail, "item")}`;
}

function jsonType(protocol: Protocol): string {
  return protocol === "json-1.0" ? "application/x-amz-json-1.0" : "application/x-amz-json-1.1";
}

function succeeded(contentType: string, body: string): RawAnswer {
  return { status: 200, contentType, body: Buffer.from(body), error: undefined };
}

function failed(error: AwsError, contentType: string, body: string): RawAnswer {
  return { status: error.status, contentType, body: Buffer.from(body), error: error.code };
}
