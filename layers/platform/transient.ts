import { Failure } from "./failures.ts";

/**
 * Error codes of AWS services that mean "try the same call again later": throttling, and trouble on their side. The
 * services spell them differently (EC2 API "Error codes", SSM, SES, DynamoDB and Step Functions API references).
 */
const TRANSIENT_CODES: ReadonlySet<string> = new Set([
  "InternalError",
  "InternalFailure",
  "InternalServerError",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "RequestTimeout",
  "ServiceException", // Service Quotas' internal error
  "ServiceUnavailable",
  "ServiceUnavailableException",
  "Throttling",
  "ThrottlingException",
  "TimeoutError", // the SDK's own name for a connection that broke or never answered
  "TooManyRequestsException",
  "TooManyUpdates", // SSM: another update of the same parameter is under way
  "TransactionInProgressException",
  "Unavailable",
]);

/**
 * Something failed that is worth another try. It is the one name that every Task's Retry matches, so that the policy
 * of retrying stands in the state machine and nowhere else: AWS clients of ours do not retry by themselves.
 */
export class TransientError extends Failure {
  override readonly name = "TransientError";
}

/** A failure of ours that is worth another try extends this; the wrapper renames it for the state machine. */
export abstract class TransientFailure extends Failure {}

/** System errors of a network that is not there just now: refused, no route, no name. The SDK passes them on as they are. */
const NETWORK_CODES: ReadonlySet<string> = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
]);

/**
 * Statuses that say the same without any code of the service: what stands before it answers with a page of its own, or with
 * nothing, and the SDK names the error by what it could not parse. The SDK's own retries go by these as well.
 */
const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

/** What the state machine shall see: transient errors under their one name, every other error as it is. */
export function translateTransient(error: Error): Error {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const isTransient =
    error instanceof TransientFailure ||
    TRANSIENT_CODES.has(error.name) ||
    NETWORK_CODES.has(code) ||
    TRANSIENT_STATUSES.has(httpStatusOf(error));
  if (!isTransient) return error;
  return new TransientError(`${error.name}: ${error.message}`, { cause: error });
}

/** The HTTP status that an AWS service answered with, as the SDK notes it; 0 when there is none. */
function httpStatusOf(error: Error): number {
  if (!("$metadata" in error) || typeof error.$metadata !== "object" || error.$metadata === null) return 0;
  return "httpStatusCode" in error.$metadata ? Number(error.$metadata.httpStatusCode) : 0;
}
