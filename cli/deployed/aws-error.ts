import { OperatorError } from "../operator-error.ts";

/** What to say of errors that mean that the call never had a chance, by their code. */
const EXPLANATIONS: Readonly<Record<string, { message: string; hint: string }>> = {
  CredentialsProviderError: {
    message: "no AWS credentials found",
    hint: "Set AWS_PROFILE, or log in with `aws sso login`. To try without an account: nightshift rehearse",
  },
  ExpiredTokenException: {
    message: "the AWS credentials have expired",
    hint: "Log in again, for example `aws sso login`.",
  },
  UnrecognizedClientException: {
    message: "AWS does not know these credentials",
    hint: "Look at AWS_PROFILE, AWS_ACCESS_KEY_ID and the files in ~/.aws.",
  },
  InvalidSignatureException: {
    message: "AWS does not accept the signature of these credentials",
    hint: "The secret key may be mistyped, or this machine's clock be more than five minutes off.",
  },
  AccessDeniedException: {
    message: "these AWS credentials may not do this",
    hint: "The detail above names the action that an IAM policy must allow.",
  },
  ExecutionAlreadyExists: {
    message: "this run exists already, and a run's name is used once",
    hint: "See it with nightshift status --stage STAGE, or start another one with another --time.",
  },
  ExecutionDoesNotExist: {
    message: "there is no such execution",
    hint: "See which there are: nightshift status --stage STAGE",
  },
  InvalidArn: {
    message: "this is not the ARN of an execution",
    hint: "See which there are: nightshift status --stage STAGE",
  },
};

/** The names under which the services and the SDK say the same. */
const SAME: Readonly<Record<string, string>> = {
  ExpiredToken: "ExpiredTokenException",
  InvalidClientTokenId: "UnrecognizedClientException",
  AccessDenied: "AccessDeniedException",
  TokenProviderError: "CredentialsProviderError",
};

/** An error of a call to AWS as the operator should read it. Errors that nobody foresaw stay what they are. */
export function explainAwsError(error: unknown, region: string): unknown {
  if (!(error instanceof Error)) return error;
  if ("code" in error && (error.code === "ENOTFOUND" || error.code === "ECONNREFUSED")) {
    return new OperatorError(
      `AWS in ${region} cannot be reached: ${error.message}`,
      "Is this machine online?",
      { cause: error },
    );
  }
  const known = EXPLANATIONS[SAME[error.name] ?? error.name];
  if (known === undefined) return error;
  return new OperatorError(`${known.message} (${region}: ${firstLine(error.message)})`, known.hint, {
    cause: error,
  });
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
