/** As a Catch puts it into the state (Amazon States Language, "Error output"). */
interface CaughtFailure {
  readonly Error?: string | undefined;
  readonly Cause?: string | undefined;
}

/** One line of reason from a Catch, at most 1000 characters. */
export function reasonOf({ Error: error, Cause: cause = "" }: CaughtFailure): string {
  const line = messageOf(cause).replaceAll(/\s+/g, " ").trim();
  return [error, line].filter(Boolean).join(": ").slice(0, 1000) || "unknown";
}

/**
 * The sentence in a cause: a plain one from the embedded engine and from Step Functions itself, or Lambda's JSON
 * `{errorType, errorMessage, trace}` (AWS Lambda guide, "Node.js function errors").
 */
export function messageOf(cause: string): string {
  try {
    const parsed: unknown = JSON.parse(cause);
    if (typeof parsed === "object" && parsed !== null && "errorMessage" in parsed)
      return String(parsed.errorMessage);
  } catch {
    // a plain sentence
  }
  return cause;
}
