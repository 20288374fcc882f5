import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";

/** A server that somebody else wrote, as a child of the test. */
export interface Foreground {
  /** Ends it, and resolves when it has ended. */
  stop(): Promise<void>;
}

/**
 * Starts a server that stays in the foreground. Resolves when it listens on those ports of 127.0.0.1.
 * @throws Error with what it said on stderr, when it ends instead, or listens nowhere within 20 seconds
 */
export async function startForeground(
  program: string,
  flags: readonly string[],
  ports: readonly number[],
): Promise<Foreground> {
  const child = spawn(program, flags, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-4000);
  });
  child.once("error", ({ message }) => {
    said += message; // there is no such program
  });
  const stop = () => end(child);
  for (const port of ports) {
    if (await isSoonListening(port, child)) continue;
    await stop();
    throw new Error(`${program} does not listen on port ${port}: ${said}`);
  }
  return { stop };
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  child.kill();
  await once(child, "exit");
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

async function isSoonListening(port: number, child: ChildProcess): Promise<boolean> {
  for (let attempt = 0; attempt < 800 && !hasEnded(child); attempt += 1) {
    const socket = connect(port, "127.0.0.1");
    const isUp = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    });
    socket.destroy();
    if (isUp) return true;
    await new Promise((wake) => setTimeout(wake, 25));
  }
  return false;
}
