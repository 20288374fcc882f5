import type { AwsError } from "./aws-error.ts";

/** Parameters of a query request, unfolded: `Filter.1.Value.2=x` stands at `Filter[0].Value[1]`. */
export type Params = { [name: string]: string | Params | (string | Params)[] | undefined };

/** Unfolds a form body. Numbers after a dot are list positions, from 1 (AWS query protocol, EC2 query protocol). */
export function unfoldForm(body: string): Params {
  const root: Params = {};
  for (const [name, value] of new URLSearchParams(body)) place(root, name.split("."), value);
  return listsOf(root) as Params;
}

function place(root: Params, path: string[], value: string): void {
  let at = root;
  for (const part of path.slice(0, -1)) {
    const next = at[part];
    if (typeof next === "object" && !Array.isArray(next)) at = next;
    else {
      const made: Params = {};
      at[part] = made;
      at = made;
    }
  }
  at[path.at(-1) ?? ""] = value;
}

function listsOf(value: string | Params): string | Params | (string | Params)[] {
  if (typeof value === "string") return value;
  const entries = Object.entries(value).map(([key, one]) => [key, listsOf(one as string | Params)] as const);
  if (entries.length > 0 && entries.every(([key]) => /^[0-9]+$/.test(key))) {
    return entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, one]) => one as string | Params);
  }
  return Object.fromEntries(entries);
}

/** The string at `name`, if there is one. */
export function text(params: Params, name: string): string | undefined {
  const value = params[name];
  return typeof value === "string" ? value : undefined;
}

/** The list at `name`; the query protocol of SES puts it under `member`. */
export function list(params: Params, name: string): (string | Params)[] {
  const value = params[name];
  if (Array.isArray(value)) return value;
  if (typeof value === "object" && Array.isArray(value.member)) return value.member;
  return [];
}

/** The strings of the list at `name`. */
export function texts(params: Params, name: string): string[] {
  return list(params, name).filter((one) => typeof one === "string");
}

/** The structures of the list at `name`. */
export function structures(params: Params, name: string): Params[] {
  return list(params, name).filter((one) => typeof one === "object");
}

/** The structure at `name`, empty when there is none. */
export function structure(params: Params, name: string): Params {
  const value = params[name];
  return typeof value === "object" && !Array.isArray(value) ? value : {};
}

/** A value that can be written as XML. Undefined members are left out. */
export type Xml =
  | string
  | number
  | boolean
  | Date
  | undefined
  | null
  | readonly Xml[]
  | { readonly [name: string]: Xml };

/** Writes a value's content; lists become repeated `<item>` (EC2) or `<member>` (SES, STS, CloudFormation). */
export function toXml(value: Xml, listElement: "item" | "member"): string {
  if (value === undefined || value === null) return "";
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) {
    return value.map((one) => `<${listElement}>${toXml(one, listElement)}</${listElement}>`).join("");
  }
  if (typeof value === "object") {
    return Object.entries(value)
      .filter(([, one]) => one !== undefined && one !== null)
      .map(([name, one]) => `<${name}>${toXml(one as Xml, listElement)}</${name}>`)
      .join("");
  }
  return escapeXml(String(value));
}

/** An EC2 answer. */
export function ec2Answer(operation: string, requestId: string, result: Xml): string {
  const body = `<requestId>${requestId}</requestId>${toXml(result, "item")}`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${operation}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">${body}</${operation}Response>`;
}

/** An answer of SES v1, STS or CloudFormation. */
export function queryAnswer(operation: string, requestId: string, result: Xml): string {
  const body = `<${operation}Result>${toXml(result, "member")}</${operation}Result>`;
  return `<${operation}Response>${body}<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`;
}

/** An error of EC2. */
export function ec2Error(error: AwsError, requestId: string): string {
  const detail = `<Code>${error.code}</Code><Message>${escapeXml(error.message)}</Message>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error>${detail}</Error></Errors><RequestID>${requestId}</RequestID></Response>`;
}

/** An error of SES v1, STS or CloudFormation. */
export function queryError(error: AwsError, requestId: string): string {
  const type = error.status >= 500 ? "Receiver" : "Sender";
  const detail = `<Type>${type}</Type><Code>${error.code}</Code><Message>${escapeXml(error.message)}</Message>`;
  return `<ErrorResponse><Error>${detail}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
}

function escapeXml(value: string): string {
  return value
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("\r", "&#xD;");
}
