import type { Duplex } from "node:stream";
import ssh2 from "ssh2";
import type { SpipedKey } from "#spiped";
import { HostHungError, HostLostError, LoginRefusedError, OutputTooLongError } from "./failures.ts";
import { type Login, logIn, onEnd } from "./log-in.ts";
import { openPipe } from "./open-pipe.ts";
import { quoted } from "./quoted.ts";

/** A host, and how one gets in. */
export interface HostAccess extends Login {
  /** host:port at which its spiped listens. */
  readonly address: string;
  /** The pipe's key; first the one in force, then the one that is to follow. */
  readonly pipeKeys: readonly SpipedKey[];
}

/** What to run. Where the key is bound to a command (sshd(8), command=), the host sees this as SSH_ORIGINAL_COMMAND. */
export interface HostCommand {
  readonly command: string;
  /** Its standard input. */
  readonly input?: string | Buffer;
  /** For everything, from the connection to the command's end. */
  readonly timeoutSeconds: number;
  /** Of standard output and standard error each. */
  readonly outputLimitBytes: number;
}

/** How a command ended. */
export interface CommandResult {
  /** Undefined when a signal ended it. */
  readonly exitStatus: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs one command on a host over SSH through its pipe. Nothing is run on a host that has not the pinned key.
 * @throws HostUnreachableError, PipeRefusedError, HostKeyChangedError, LoginRefusedError, HostHungError, HostLostError,
 *   OutputTooLongError, UnusableKeyError
 */
export async function runOnHost(access: HostAccess, command: HostCommand): Promise<CommandResult> {
  const client = new ssh2.Client();
  const late = Promise.withResolvers<never>();
  let stage = `connecting to ${access.address}`;
  let isOver = false;
  let pipe: Duplex | undefined;
  const run = async () => {
    pipe = await openPipe(access.address, access.pipeKeys);
    // A pipe that comes about when nobody waits any more must not lead to a command that nobody knows of.
    if (isOver) {
      pipe.destroy();
      return late.promise;
    }
    pipe.on("error", () => undefined); // the client hears of it as well
    stage = "in the SSH handshake";
    await logIn(client, pipe, access, () => {
      stage = `logging in as ${access.user}`;
    });
    stage = "the command was running";
    return execute(client, command);
  };
  const timer = setTimeout(
    () => late.reject(new HostHungError(`no end after ${command.timeoutSeconds} s, while ${stage}`)),
    command.timeoutSeconds * 1000,
  );
  const running = run();
  running.catch(() => undefined); // when time is up, nobody waits for it
  try {
    return await Promise.race([running, late.promise]);
  } finally {
    isOver = true;
    clearTimeout(timer);
    pipe?.destroy(); // and with it whatever of SSH is in it
  }
}

function execute(client: ssh2.Client, { command, input, outputLimitBytes }: HostCommand) {
  return new Promise<CommandResult>((resolve, reject) => {
    const lost = () => reject(new HostLostError("the connection ended before the command did"));
    onEnd(client, lost);
    client.exec(command, (error, channel) => {
      if (error !== undefined)
        return reject(new LoginRefusedError(`sshd did not run the command: ${quoted(error.message)}`));
      const tooMuch = () =>
        reject(new OutputTooLongError(`it printed more than ${Math.round(outputLimitBytes / 1024)} KiB`));
      const stdout = collect(channel, outputLimitBytes, tooMuch);
      const stderr = collect(channel.stderr, outputLimitBytes, tooMuch);
      let exit: { status: number | undefined } | undefined;
      channel.on("exit", (status: number | null) => {
        exit = { status: status ?? undefined };
      });
      channel.on("close", () => {
        if (exit === undefined) lost();
        else resolve({ exitStatus: exit.status, stdout: stdout(), stderr: stderr() });
      });
      channel.end(input);
    });
  });
}

function collect(stream: NodeJS.ReadableStream, limitBytes: number, tooMuch: () => void): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > limitBytes) tooMuch();
    else chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString("utf8");
}
