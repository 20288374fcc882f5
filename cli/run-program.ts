import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";

/** What ends a program from the terminal: it is that program's to answer, and ours to wait for. */
const OF_THE_TERMINAL = ["SIGINT", "SIGQUIT"] as const;

/**
 * Runs a program in the operator's terminal. Resolves to its exit status, or 128 and the number of the signal that ended
 * it, as sh(1) has it. Undefined: there is no such program.
 */
export async function runProgram(program: string, argv: readonly string[]): Promise<number | undefined> {
  const ignore = () => undefined;
  for (const signal of OF_THE_TERMINAL) process.on(signal, ignore);
  try {
    const child = spawn(program, argv, { stdio: "inherit" });
    const [status, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
    return status ?? 128 + (signal === null ? 0 : constants.signals[signal]);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  } finally {
    for (const signal of OF_THE_TERMINAL) process.off(signal, ignore);
  }
}
