import type { ChildProcess } from "node:child_process";
import type { ServerChannel } from "ssh2";
import type { RunningCommand } from "./process-trees.ts";

/** How a command ended: its status, or the signal that ended it without SIG, as RFC 4254 section 6.10 has it. */
type Ending = { readonly status: number } | { readonly signal: string };

/**
 * Runs a session's command and connects it to its channel. A client that goes away hangs up on the command. Never
 * rejects: if `onCommand` does, the connection breaks, since that is how a cut looks to a client.
 */
export function serveCommand(
  {
    start,
    onCommand,
  }: {
    readonly start: (command: string) => RunningCommand;
    readonly onCommand: (phase: "before" | "after", command: string) => Promise<void>;
  },
  channel: ServerChannel,
  command: string,
): void {
  channel.on("error", () => undefined); // the client went away; "close" follows
  const serve = async () => {
    await onCommand("before", command);
    const running = start(command);
    const abandon = () => {
      running.hangUp();
      // Or what ignores the hang-up would wait for ever for somebody to read what it says.
      for (const stream of [running.child.stdout, running.child.stderr]) stream?.destroy();
    };
    channel.on("close", abandon);
    connect(channel, running.child);
    const ending = await endingOf(running.child);
    channel.off("close", abandon);
    // Whoever waits for the answer holds the clock; if nobody does any more, the machine must not do so for them.
    running.answered();
    await onCommand("after", command);
    if ("status" in ending) channel.exit(ending.status);
    else channel.exit(ending.signal);
    channel.end();
  };
  serve().catch(() => channel.destroy());
}

function connect(channel: ServerChannel, child: ChildProcess): void {
  if (child.stdin !== null) {
    child.stdin.on("error", () => undefined); // the command ended without reading all of it
    channel.pipe(child.stdin);
  }
  child.stdout?.pipe(channel, { end: false });
  child.stderr?.pipe(channel.stderr, { end: false });
}

/** Like sshd, waits until the command has ended and nobody can write to the channel any more. */
function endingOf(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    let ending: Ending = { status: 255 };
    let awaited = 3;
    const ended = () => {
      awaited -= 1;
      if (awaited === 0) resolve(ending);
    };
    child.on("exit", (status, signal) => {
      ending = signal === null ? { status: status ?? 255 } : { signal: signal.replace(/^SIG/, "") };
      ended();
    });
    child.stdout?.on("close", ended);
    child.stderr?.on("close", ended);
  });
}
