import type { AwsError } from "./aws-error.ts";

/** A value that can be written as XML. Undefined members are left out. */
export type Xml =
  | string
  | number
  | boolean
  | Date
  | undefined
  | Repeated
  | readonly Xml[]
  | { readonly [name: string]: Xml };

/** An element that is repeated under its own name, as the query protocol writes the entries of a map. */
export class Repeated {
  readonly items: readonly Xml[];

  constructor(items: readonly Xml[]) {
    this.items = items;
  }
}

/** Writes a value's content; lists become repeated `<item>` (EC2) or `<member>` (SES, STS, CloudFormation). */
export function toXml(value: Xml, listElement: "item" | "member"): string {
  if (value === undefined) return "";
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Repeated) return value.items.map((one) => toXml(one, listElement)).join("");
  if (isList(value)) return value.map((one) => element(listElement, one, listElement)).join("");
  if (typeof value === "object") {
    return Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .map(([name, one]) => element(name, one, listElement))
      .join("");
  }
  return escapeXml(String(value));
}

/** An EC2 answer: the result's members stand directly in the response element. */
export function ec2Answer(operation: string, requestId: string, result: Xml): string {
  const body = `<requestId>${requestId}</requestId>${toXml(result, "item")}`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${operation}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">${body}</${operation}Response>`;
}

/** An answer of SES v1, STS or CloudFormation. */
export function queryAnswer(namespace: string, operation: string, requestId: string, result: Xml): string {
  const body = `<${operation}Result>${toXml(result, "member")}</${operation}Result>`;
  const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  return `<${operation}Response xmlns="${namespace}">${body}${metadata}</${operation}Response>`;
}

/** An error of EC2. */
export function ec2Error(error: AwsError, requestId: string): string {
  const detail = `<Code>${error.code}</Code><Message>${escapeXml(error.message)}</Message>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error>${detail}</Error></Errors><RequestID>${requestId}</RequestID></Response>`;
}

/** An error of SES v1, STS or CloudFormation. */
export function queryError(namespace: string, error: AwsError, requestId: string): string {
  const type = error.status >= 500 ? "Receiver" : "Sender";
  const detail = `<Type>${type}</Type><Code>${error.code}</Code><Message>${escapeXml(error.message)}</Message>`;
  return `<ErrorResponse xmlns="${namespace}"><Error>${detail}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
}

// Array.isArray does not narrow readonly arrays.
function isList(value: Xml): value is readonly Xml[] {
  return Array.isArray(value);
}

function element(name: string, value: Xml, listElement: "item" | "member"): string {
  if (value instanceof Repeated) return value.items.map((one) => element(name, one, listElement)).join("");
  return `<${name}>${toXml(value, listElement)}</${name}>`;
}

function escapeXml(value: string): string {
  return value
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("\r", "&#xD;");
}
