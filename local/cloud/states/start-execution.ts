import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Account } from "../account.ts";
import { AwsError } from "../aws-error.ts";
import { readInput } from "../json-input.ts";

const Start = z.object({
  stateMachineArn: z.string(),
  name: z.string().optional(),
  input: z.string().optional(),
});

/** Bytes of UTF-8 (Step Functions guide, "Service quotas"). */
const LARGEST_INPUT = 262_144;

/** White space, brackets, wildcards, signs, control characters and surrogates (Step Functions API, StartExecution). */
const FORBIDDEN = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}\u{fffe}\u{ffff}\u{10000}-\u{10ffff}]/u;

/**
 * StartExecution of a standard machine. It is idempotent while the execution runs: the same name with the same input
 * answers with the one that is there; with another input, or once it has ended, it is refused (Step Functions API).
 */
export async function startExecution(
  account: Account,
  input: unknown,
): Promise<{ executionArn: string; startDate: number }> {
  const { stateMachineArn, name = randomUUID(), input: text = "{}" } = readInput(Start, input);
  const machine = /^arn:aws:states:[^:]+:\d{12}:stateMachine:([^:]+)$/.exec(stateMachineArn)?.[1];
  if (machine === undefined) throw new AwsError("InvalidArn", `Invalid Arn: '${stateMachineArn}'`);
  if (name.length < 1 || name.length > 80 || FORBIDDEN.test(name)) {
    throw new AwsError("InvalidName", `Invalid Name: '${name}'`);
  }
  const parsed = readExecutionInput(text);
  const executionArn = `${stateMachineArn.replace(":stateMachine:", ":execution:")}:${name}`;
  const standing = account.executions().find((one) => one.executionArn === executionArn);
  if (standing === undefined) {
    // Nothing may come between the look-up and this, or two starts at once would both begin.
    const { startDate } = await account.startExecution({ machine, name, input: parsed });
    return { executionArn, startDate: startDate.getTime() / 1000 };
  }
  if (standing.status === "RUNNING" && JSON.stringify(standing.input) === JSON.stringify(parsed)) {
    return { executionArn, startDate: standing.startDate.getTime() / 1000 };
  }
  throw new AwsError("ExecutionAlreadyExists", `Execution Already Exists: '${executionArn}'`);
}

function readExecutionInput(text: string): unknown {
  if (Buffer.byteLength(text) > LARGEST_INPUT) {
    throw new AwsError("InvalidExecutionInput", `Input is larger than ${LARGEST_INPUT} bytes`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new AwsError("InvalidExecutionInput", "Invalid State Machine Execution Input: not a JSON text");
  }
}
