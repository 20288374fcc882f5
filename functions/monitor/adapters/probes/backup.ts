import type { Duplex } from "node:stream";
import ssh2 from "ssh2";
import type { CheckOf } from "#fleet";
import { HostKeyChangedError, logIn, onEnd, UnusableKeyError } from "#hosts";
import { type CommandEnd, judgeCommand, OUTPUT_LIMIT_BYTES } from "../../findings/command-finding.ts";
import { failed, ProbeEndedError, quoted } from "../../findings/finding.ts";
import type { Attempt, Probe } from "./attempt.ts";
import { openPipe } from "./pipe.ts";

/** What is kept of a command's output. */
const KEPT_BYTES = 1024;

/** A host backs up a canary and reads it back: a command over SSH, through a pipe, on the host that has the pinned key. */
export const probeBackup: Probe<"backup"> = async (check, surroundings, attempt) => {
  const privateKey = await surroundings.sshKey(check.sshKeyParameter);
  const { stream } = await openPipe(check.address, check.keyParameter, surroundings, attempt);
  const client = await enter(stream, check, privateKey, attempt);
  attempt.stage = "waiting for the command to end";
  return judgeCommand(await execute(client, check.command));
};

async function enter(
  sock: Duplex,
  { user, hostKey, sshKeyParameter }: CheckOf<"backup">,
  privateKey: string,
  attempt: Attempt,
): Promise<ssh2.Client> {
  const client = attempt.own(new ssh2.Client());
  attempt.stage = "in the SSH handshake";
  try {
    await logIn(client, sock, { user, hostKey, privateKey }, () => {
      attempt.stage = `logging in as ${user}`;
    });
  } catch (error) {
    throw new ProbeEndedError(failed(reasonOf(error as Error, sshKeyParameter)));
  }
  return client;
}

function reasonOf(error: Error, sshKeyParameter: string): string {
  if (error instanceof HostKeyChangedError) return `host key changed: ${error.message}`;
  if (error instanceof UnusableKeyError) return `the SSH key in ${sshKeyParameter} cannot be used`;
  return error.message;
}

function execute(client: ssh2.Client, command: string): Promise<CommandEnd> {
  return new Promise((resolve, reject) => {
    const end = (reason: string) => reject(new ProbeEndedError(failed(reason)));
    onEnd(client, () => end("the connection ended before the command did"));
    client.exec(command, (error, channel) => {
      if (error !== undefined) return end(`sshd did not run the command: ${quoted(error.message)}`);
      const tooMuch = () => end(`the command printed more than ${OUTPUT_LIMIT_BYTES / 1024} KiB`);
      const output = keepBeginning(channel, tooMuch);
      const errors = keepBeginning(channel.stderr, tooMuch);
      let status: number | undefined;
      let signal: string | undefined;
      channel.on("exit", (code: number | null, name?: string) => {
        status = code ?? undefined;
        signal = name;
      });
      channel.on("close", () => resolve({ status, signal, output: output(), errors: errors() }));
      channel.end();
    });
  });
}

function keepBeginning(stream: NodeJS.ReadableStream, tooMuch: () => void): () => string {
  let kept = Buffer.alloc(0);
  let size = 0;
  stream.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (kept.length < KEPT_BYTES) kept = Buffer.concat([kept, chunk]).subarray(0, KEPT_BYTES);
    if (size > OUTPUT_LIMIT_BYTES) tooMuch();
  });
  return () => kept.toString("utf8");
}
