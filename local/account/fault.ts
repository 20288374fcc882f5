import type { Call, Fault, Service, Situation } from "../cloud/contract.ts";
import { AwsError } from "./aws-error.ts";

/** What the faults may name: service → operations. Unlisted services take any operation. */
export type KnownOperations = Readonly<Partial<Record<Service, readonly string[]>>>;

const SITUATIONS = [
  "builder-never-boots",
  "host-key-mismatch",
  "packages-unreachable",
  "image-failed",
] as const;

/** Asked for in a way that is not understood; the message says what is. */
export class UnknownFaultError extends Error {
  override readonly name = "UnknownFaultError";
}

/** `service:Operation:ErrorCode[:count][@region]`. @throws UnknownFaultError */
export function parseFault(text: string, known: KnownOperations): Fault {
  const match = /^([a-z0-9]+):([A-Za-z]+):([A-Za-z.]+)(?::([0-9]+|\*))?(?:@([a-z0-9-]+))?$/.exec(text);
  const [, service = "", operation = "", code = "", count, region] = match ?? [];
  if (match === null) throw new UnknownFaultError(explain(text));
  const operations = known[service as Service];
  if (operations === undefined) {
    throw new UnknownFaultError(`no service ${service}; there are: ${Object.keys(known).join(", ")}`);
  }
  if (!operations.includes(operation)) {
    throw new UnknownFaultError(
      `${service} has no operation ${operation}; there are: ${operations.join(", ")}`,
    );
  }
  const remaining = count === "*" ? Number.POSITIVE_INFINITY : Number(count ?? 1);
  return { service: service as Service, operation, code, region, remaining };
}

/** A named situation, or undefined when the text is none. */
export function parseSituation(text: string): Situation | undefined {
  const simple = SITUATIONS.find((one) => one === text);
  return simple ?? (/^copy-failed@[a-z0-9-]+$/.test(text) ? (text as Situation) : undefined);
}

function explain(text: string): string {
  return (
    `cannot read the fault "${text}". Write service:Operation:ErrorCode, for example ec2:CreateImage:InternalError ` +
    `(then :2 for two calls or :* for all, @us-west-2 for one region), or one of: ${SITUATIONS.join(", ")}, ` +
    "copy-failed@REGION"
  );
}

/** The error that this call shall end with, if a fault is left for it. */
export function takeFault(faults: readonly Fault[], call: Call): AwsError | undefined {
  const fault = faults.find(
    (one) =>
      one.remaining > 0 &&
      one.service === call.service &&
      one.operation === call.operation &&
      (one.region === undefined || one.region === call.region),
  );
  if (fault === undefined) return undefined;
  fault.remaining -= 1;
  return new AwsError(fault.code, messageOf(fault.code), statusOf(fault.code));
}

function statusOf(code: string): number {
  if (/^(RequestLimitExceeded|ServiceUnavailable|Unavailable)$/.test(code)) return 503;
  if (/^(Internal|InsufficientInstanceCapacity)/.test(code)) return 500;
  if (/^(UnauthorizedOperation|AccessDenied)/.test(code)) return 403;
  return 400;
}

function messageOf(code: string): string {
  const messages: Record<string, string> = {
    RequestLimitExceeded: "Request limit exceeded.",
    InternalError: "An internal error has occurred",
    Throttling: "Rate exceeded",
    ThrottlingException: "Rate exceeded",
    UnauthorizedOperation: "You are not authorized to perform this operation.",
    InsufficientInstanceCapacity:
      "We currently do not have sufficient capacity in the Availability Zone you requested. Our system will be working on provisioning additional capacity.",
  };
  return messages[code] ?? `injected fault: ${code}`;
}
