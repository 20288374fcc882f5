import type { Output } from "./view/terminal.ts";

/** Errors whose message was written for the operator, wherever they come from. */
const FOR_OPERATORS: ReadonlySet<string> = new Set([
  "OperatorError",
  "ExecutionRefusedError",
  "InvalidSettingsError",
  "RotationRefusedError",
  "SpipedConnectError",
  "SpipedConnectionLostError",
  "SpipedHandshakeError",
  "SpipedHandshakeTimeoutError",
  "SpipedOptionsError",
  "SpipedProtocolError",
  "UnknownFaultError",
]);

/**
 * Says on `err` what went wrong. A FleetError speaks for itself, with a line per problem; a stack is shown only to
 * who asks for it.
 */
export function explainError(error: unknown, err: Output, debug: boolean): void {
  const { name, message, hint, stack } = describe(error);
  if (debug) err.write(`${stack}\n`);
  else if (name === "FleetError") err.write(`${message}\n`);
  else err.write(`nightshift: ${message}\n`);
  const advice = hint ?? (FOR_OPERATORS.has(name) || name === "FleetError" || debug ? undefined : SEE_MORE);
  if (advice !== undefined) err.write(`${advice}\n`);
}

const SEE_MORE = "This was not foreseen. Run it again with --debug to see where it happened.";

interface Description {
  readonly name: string;
  readonly message: string;
  readonly hint: string | undefined;
  readonly stack: string;
}

function describe(error: unknown): Description {
  if (!(error instanceof Error)) {
    return { name: "", message: String(error), hint: undefined, stack: String(error) };
  }
  const stack = [error.stack ?? error.message, ...causes(error)].join("\n");
  if ("code" in error && error.code === "EADDRINUSE") {
    const port = "port" in error ? ` ${String(error.port)}` : "";
    const hint = "Leave --port out to have a free one chosen.";
    return { name: "OperatorError", message: `port${port} is occupied by another program`, hint, stack };
  }
  const hint = "hint" in error && typeof error.hint === "string" ? error.hint : undefined;
  return { name: error.name, message: error.message || error.name, hint, stack };
}

function causes(error: Error): string[] {
  return error.cause instanceof Error ? [`caused by ${error.cause.stack}`, ...causes(error.cause)] : [];
}
