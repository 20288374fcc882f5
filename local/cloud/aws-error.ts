/** An error as AWS answers it: code, message and HTTP status. The protocol decides how it is written. */
export class AwsError extends Error {
  override readonly name = "AwsError";
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = statusOf(code)) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/**
 * HTTP status by error code: EC2 API "Error codes" (client errors are 4xx, server errors 5xx), and the "Common
 * errors" pages of the other services. Everything that is not listed is the caller's mistake: 400.
 */
const STATUS: Readonly<Record<string, number>> = {
  AuthFailure: 401,
  UnauthorizedOperation: 403,
  OptInRequired: 403,
  AccessDenied: 403,
  PermanentRedirect: 301,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  BucketAlreadyOwnedByYou: 409,
  ConditionalRequestConflict: 409,
  PreconditionFailed: 412,
  InvalidRange: 416,
  NotImplemented: 501,
  SlowDown: 503,
  MissingAuthenticationToken: 403,
  InvalidClientTokenId: 403,
  InsufficientInstanceCapacity: 500,
  InsufficientAddressCapacity: 500,
  InsufficientHostCapacity: 500,
  InternalError: 500,
  InternalFailure: 500,
  InternalServerError: 500,
  ServerInternal: 500,
  ServiceException: 500,
  RequestLimitExceeded: 503,
  ServiceUnavailable: 503,
  Unavailable: 503,
  ServiceUnavailableException: 503,
};

/** The HTTP status with which AWS answers an error code. */
export function statusOf(code: string): number {
  return STATUS[code] ?? 400;
}

/** Messages of errors that may be injected, as AWS words them. */
const MESSAGES: Readonly<Record<string, string>> = {
  InternalError: "An internal error has occurred",
  InternalFailure: "The request processing has failed because of an unknown error, exception or failure.",
  ServiceUnavailable: "The request has failed due to a temporary failure of the server.",
  Unavailable: "The server is overloaded and can't handle the request.",
  RequestLimitExceeded: "Request limit exceeded.",
  SlowDown: "Please reduce your request rate.",
  ConditionalRequestConflict: "There was a conflicting operation that occurred at the same time.",
  Throttling: "Rate exceeded",
  ThrottlingException: "Rate exceeded",
  UnauthorizedOperation: "You are not authorized to perform this operation.",
  AccessDenied: "User is not authorized to perform this action",
  AccessDeniedException: "User is not authorized to perform this action",
  InsufficientInstanceCapacity:
    "We currently do not have sufficient capacity for the instance type that you requested in the Availability Zone you requested. Our system will be working on provisioning additional capacity.",
};

/** An error that AWS's side makes, out of nowhere. */
export function spontaneous(code: string): AwsError {
  return new AwsError(code, MESSAGES[code] ?? `${code} (a fault that this rehearsal was asked for)`);
}

/** A parameter that the operation needs and the request lacks. */
export function missing(parameter: string): AwsError {
  return new AwsError("MissingParameter", `The request must contain the parameter ${parameter}`);
}

/** A parameter whose value will not do. */
export function invalidValue(message: string): AwsError {
  return new AwsError("InvalidParameterValue", message);
}
