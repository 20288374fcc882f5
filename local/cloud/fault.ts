import { type AwsError, spontaneous } from "./aws-error.ts";
import type { Fault, Service, Situation } from "./contract.ts";

/** Service → operations that the rehearsal cloud answers. */
export type KnownOperations = Readonly<Record<Service, readonly string[]>>;

/** A fault was asked for in a way that is not understood; the message says what is. */
export class UnknownFaultError extends Error {
  override readonly name = "UnknownFaultError";
}

const FORM =
  "service:Operation:ErrorCode[:count][@region], for example ec2:CreateImage:InternalError:2@us-east-1";

const SITUATIONS = [
  "builder-never-boots",
  "host-key-mismatch",
  "packages-unreachable",
  "image-failed",
  "host-key-changed",
  "host-dark",
  "updates-pending",
] as const;

/**
 * Parses `service:Operation:ErrorCode[:count][@region]`; count is a number or `*`.
 * @throws UnknownFaultError that says what is wrong, and lists what is known
 */
export function parseFault(source: string, known: KnownOperations): Fault {
  const [, service = "", operation = "", code = "", count = "1", region] =
    /^([^:@]+):([^:@]+):([^:@]+)(?::([^:@]+))?(?:@(.+))?$/.exec(source) ?? [];
  if (service === "") throw new UnknownFaultError(explain(source));
  if (!isService(known, service)) {
    const services = Object.keys(known).join(", ");
    throw new UnknownFaultError(`fault "${source}": unknown service "${service}"; known are ${services}`);
  }
  if (!known[service].includes(operation)) {
    const operations = known[service].join(", ");
    throw new UnknownFaultError(
      `fault "${source}": unknown operation "${operation}" of ${service}; known are ${operations}`,
    );
  }
  if (!/^[A-Za-z][A-Za-z.]*$/.test(code)) {
    throw new UnknownFaultError(`fault "${source}": "${code}" is no error code; expected ${FORM}`);
  }
  return { service, operation, code, region, remaining: parseCount(source, count) };
}

/** A named situation, for example `image-failed` or `copy-failed@us-west-2`; undefined when the text is none. */
export function parseSituation(source: string): Situation | undefined {
  const [, region] = /^copy-failed@([a-z]{2}(?:-[a-z]+)+-\d)$/.exec(source) ?? [];
  return region === undefined ? SITUATIONS.find((one) => one === source) : `copy-failed@${region}`;
}

/** The error of the first fault that matches and is not used up. Counts it down. */
export function takeFault(
  faults: readonly Fault[],
  call: { readonly service: Service; readonly operation: string; readonly region: string },
): AwsError | undefined {
  const fault = faults.find(
    (one) =>
      one.remaining > 0 &&
      one.service === call.service &&
      one.operation === call.operation &&
      (one.region === undefined || one.region === call.region),
  );
  if (fault === undefined) return undefined;
  fault.remaining -= 1;
  return spontaneous(fault.code);
}

function parseCount(source: string, count: string): number {
  if (count === "*") return Number.POSITIVE_INFINITY;
  const parsed = Number(count);
  if (Number.isInteger(parsed) && parsed > 0) return parsed;
  throw new UnknownFaultError(`fault "${source}": count must be a whole number from 1, or *, not "${count}"`);
}

function isService(known: KnownOperations, name: string): name is Service {
  return Object.hasOwn(known, name);
}

function explain(source: string): string {
  const situations = [...SITUATIONS, "copy-failed@REGION"].join(", ");
  return `cannot read the fault "${source}": expected ${FORM}, or one of the situations ${situations}`;
}
