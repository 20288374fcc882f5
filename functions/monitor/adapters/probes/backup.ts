import type { Duplex } from "node:stream";
import ssh2 from "ssh2";
import type { CheckOf } from "#fleet";
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
  const client = await logIn(stream, check, privateKey, attempt);
  attempt.stage = "waiting for the command to end";
  return judgeCommand(await execute(client, check.command));
};

/** Host keys are asked for by the type that is pinned, so that a host with several shows that one. */
async function logIn(
  sock: Duplex,
  check: CheckOf<"backup">,
  privateKey: string,
  attempt: Attempt,
): Promise<ssh2.Client> {
  const { user, hostKey, sshKeyParameter } = check;
  const [type = "", pinned = ""] = hostKey.split(" ");
  const client = new ssh2.Client();
  attempt.own(client);
  attempt.stage = "in the SSH handshake";
  let presented: string | undefined;
  await new Promise<void>((resolve, reject) => {
    client.on("ready", resolve);
    client.on("error", (error: SshError) => {
      const hasChanged = presented !== undefined && presented !== pinned;
      reject(new ProbeEndedError(failed(hasChanged ? KEY_CHANGED : sshProblem(error, type, user))));
    });
    const closed = () => reject(new ProbeEndedError(failed("sshd closed the connection")));
    client.on("end", closed).on("close", closed);
    const settings = {
      sock,
      username: user,
      privateKey,
      readyTimeout: 0,
      algorithms: { serverHostKey: signaturesOf(type) },
      hostVerifier: (key: Buffer) => {
        presented = key.toString("base64");
        attempt.stage = `logging in as ${user}`;
        return presented === pinned;
      },
    };
    try {
      client.connect(settings);
    } catch {
      reject(new ProbeEndedError(failed(`the SSH key in ${sshKeyParameter} cannot be used`))); // and is not shown
    }
  });
  return client;
}

const KEY_CHANGED = "host key changed: it is not the pinned one, so nothing was run";

interface SshError extends Error {
  /** Where in the protocol it happened: "client-authentication", "handshake", "client-socket" (ssh2's README). */
  readonly level?: string;
}

function sshProblem({ level, message }: SshError, type: string, user: string): string {
  if (level === "client-authentication") return `sshd did not let ${user} in`;
  if (level === "handshake" && /host key/.test(message))
    return `host key changed: the host has no ${type} key`;
  return `SSH failed: ${quoted(message)}`;
}

/** A key of RSA signs in two ways that are still good (RFC 8332). */
function signaturesOf(type: string): ssh2.ServerHostKeyAlgorithm[] {
  if (type === "ssh-rsa") return ["rsa-sha2-512", "rsa-sha2-256"];
  return [type as ssh2.ServerHostKeyAlgorithm];
}

function execute(client: ssh2.Client, command: string): Promise<CommandEnd> {
  return new Promise((resolve, reject) => {
    const end = (reason: string) => reject(new ProbeEndedError(failed(reason)));
    const lost = () => end("the connection ended before the command did");
    client.on("end", lost).on("close", lost); // a pipe whose other side has ended stays open for our writing
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
