import type { Service } from "./contract.ts";
import type { Incoming } from "./incoming.ts";
import type { Xml } from "./xml.ts";

/** How a service writes requests and answers. */
export type Protocol = "ec2" | "query" | "json-1.0" | "json-1.1" | "rest-xml";

/** A service's answer as it goes over the wire. DynamoDB's and S3's come ready made; the others' are written by the protocol. */
export interface RawAnswer {
  readonly status: number;
  /** Empty when there is no body. */
  readonly contentType: string;
  readonly body: Buffer;
  /** The error's code, when it is one. */
  readonly error: string | undefined;
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** One service of the account, as the endpoint sees it. */
export interface ServiceModel {
  readonly service: Service;
  readonly protocol: Protocol;
  /** XML namespace of the answers; empty for JSON. */
  readonly namespace: string;
  readonly operations: readonly string[];
  /** The resource names that the request names. */
  resourcesOf(request: Incoming): string[];
  /** Carries the request out. @throws AwsError */
  carryOut(request: Incoming): Promise<Outcome>;
}

/** What carrying out gives: a result that the protocol writes, or bytes. */
export type Outcome =
  | { readonly kind: "xml"; readonly result: Xml }
  | { readonly kind: "json"; readonly result: object }
  | { readonly kind: "raw"; readonly answer: RawAnswer };
