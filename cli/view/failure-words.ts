import { messageOf } from "../../layers/platform/failure-reason.ts";

/** A state reads what nobody gave: as the embedded engine has it, and as Step Functions do. */
const ABSENT = /\b(?:Path expression|JSONPath) '\$\.(\w+)' (?:does not point|specified for)/;

/**
 * What happened, in one line: the service's own error code rather than the name that state machines match on. Causes
 * come from either engine.
 */
export function failureWords(error: string, cause: string): string {
  const reason = firstLine(messageOf(cause));
  // A TransientError's message begins with the code that it stands for.
  if (error === "TransientError" && /^\w+: /.test(reason)) return reason;
  const absent = ABSENT.exec(reason)?.[1];
  const hint = absent === undefined ? "" : `. If it is for you to give: --input '{"${absent}": ...}'`;
  return reason === "" || reason === error ? error : `${error}: ${reason}${hint}`;
}

/** The name alone, for lines that have more to say: "RequestLimitExceeded". */
export function failureName(error: string, cause: string): string {
  const code = /^(\w+): /.exec(messageOf(cause))?.[1];
  return error === "TransientError" && code !== undefined ? code : error;
}

function firstLine(text: string): string {
  return text.trim().split(/\r?\n/, 1)[0] ?? "";
}
