/**
 * What happened, in one line: the service's own error code rather than the name that state machines match on. Causes
 * come as plain sentences (embedded engine), or as Lambda's JSON `{errorType, errorMessage, trace}` (AWS Lambda guide,
 * "Node.js function errors").
 */
export function failureWords(error: string, cause: string): string {
  const reason = firstLine(messageOf(cause));
  // A TransientError's message begins with the code that it stands for.
  if (error === "TransientError" && /^\w+: /.test(reason)) return reason;
  return reason === "" || reason === error ? error : `${error}: ${reason}`;
}

/** The name alone, for lines that have more to say: "RequestLimitExceeded". */
export function failureName(error: string, cause: string): string {
  const code = /^(\w+): /.exec(messageOf(cause))?.[1];
  return error === "TransientError" && code !== undefined ? code : error;
}

/** The sentence in a cause. */
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

function firstLine(text: string): string {
  return text.trim().split(/\r?\n/, 1)[0] ?? "";
}
