import { messageOf } from "../../layers/platform/failure-reason.ts";

/**
 * What happened, in one line: the service's own error code rather than the name that state machines match on. Causes
 * come from either engine.
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

function firstLine(text: string): string {
  return text.trim().split(/\r?\n/, 1)[0] ?? "";
}
