import type { Duplex } from "node:stream";
import ssh2 from "ssh2";
import type { SpipedKey } from "#spiped";
import {
  HostHungError,
  HostKeyChangedError,
  HostLostError,
  LoginRefusedError,
  OutputTooLongError,
  UnusableKeyError,
} from "./failures.ts";
import { openPipe } from "./open-pipe.ts";
import { quoted } from "./quoted.ts";

/** A host, and how one gets in. */
export interface HostAccess {
  /** host:port at which its spiped listens. */
  readonly address: string;
  /** Its public key as in known_hosts: type and base64. */
  readonly hostKey: string;
  /** The pipe's key; first the one in force, then the one that is to follow. */
  readonly pipeKeys: readonly SpipedKey[];
  readonly user: string;
  /** In OpenSSH's format, without a passphrase. */
  readonly privateKey: string;
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
    stage = `logging in as ${access.user}`;
    await logIn(client, pipe, access);
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

/** Host keys are asked for by the type that is pinned, so that a host with several shows that one. */
function logIn(client: ssh2.Client, sock: Duplex, access: HostAccess): Promise<void> {
  const [type = "", pinned = ""] = access.hostKey.split(" ");
  let presented: string | undefined;
  return new Promise((resolve, reject) => {
    client.on("ready", resolve);
    onEnd(client, () => reject(new LoginRefusedError("sshd closed the connection")));
    client.on("error", (error: Error & { level?: string }) => {
      const isOther = presented !== undefined && presented !== pinned;
      const hasNone = error.level === "handshake" && /host key/.test(error.message);
      if (isOther) reject(new HostKeyChangedError("the host key is not the pinned one, so nothing was run"));
      else if (hasNone) reject(new HostKeyChangedError(`the host has no ${type} key any more`));
      else if (error.level === "client-authentication")
        reject(new LoginRefusedError(`sshd did not let ${access.user} in`));
      else reject(new LoginRefusedError(`SSH failed: ${quoted(error.message)}`));
    });
    const settings = {
      sock,
      username: access.user,
      privateKey: access.privateKey,
      readyTimeout: 0, // the caller's time bounds it
      algorithms: { serverHostKey: signaturesOf(type) },
      hostVerifier: (key: Buffer) => {
        presented = key.toString("base64");
        return presented === pinned;
      },
    };
    try {
      client.connect(settings);
    } catch {
      reject(new UnusableKeyError("the private SSH key cannot be used")); // and is not shown
    }
  });
}

/**
 * What is to be done when the connection ends, instead of what was to be done before. A pipe whose other side has ended may be
 * written to for ever, so that "close" alone would not come.
 */
function onEnd(client: ssh2.Client, act: () => void): void {
  client.removeAllListeners("end").on("end", act);
  client.removeAllListeners("close").on("close", act);
}

/** A key of RSA signs in two ways that are still good (RFC 8332). */
function signaturesOf(type: string): ssh2.ServerHostKeyAlgorithm[] {
  if (type === "ssh-rsa") return ["rsa-sha2-512", "rsa-sha2-256"];
  return [type as ssh2.ServerHostKeyAlgorithm];
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
