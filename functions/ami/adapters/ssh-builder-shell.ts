import { createHash } from "node:crypto";
import ssh2 from "ssh2";
import type { Settings } from "#platform";
import { BuilderUnreachableError, HostKeyMismatchError } from "../failures.ts";
import type { BuilderAddress, BuilderShell, ShellResult } from "../ports.ts";

/** ec2_fetchkey makes this user; it is in wheel, and root has no password on a builder's memory disk. */
const USER = "ec2-user";

/** sshd listens before the console shows its keys, so a refusal means trouble; the TCP connect gets this long. */
const CONNECT_TIMEOUT_MILLISECONDS = 15_000;

/** What is kept of a command's output; more than any of our scripts prints. */
const OUTPUT_LIMIT_BYTES = 1024 * 1024;

/** Root shells over SSH, with the host key pinned to what the console showed. */
export function sshBuilderShell(settings: Settings): BuilderShell {
  return {
    run: (address, script, timeoutSeconds) => {
      const client = new ssh2.Client();
      return new Promise<ShellResult>((resolve, reject) => {
        const giveUp = setTimeout(
          () =>
            reject(new BuilderUnreachableError(`no answer from ${address.host} within ${timeoutSeconds} s`)),
          timeoutSeconds * 1000,
        );
        connect(client, address, settings.sshPort)
          .then(() => execute(client, script))
          .then(resolve, reject)
          .finally(() => clearTimeout(giveUp));
      }).finally(() => client.destroy());
    },
  };
}

function connect(client: ssh2.Client, address: BuilderAddress, port: number): Promise<void> {
  let presented: string | undefined;
  return new Promise((resolve, reject) => {
    client.on("ready", () => resolve());
    client.on("error", (error) => {
      const refused = presented !== undefined && !address.hostKeys.includes(presented);
      reject(
        refused
          ? new HostKeyMismatchError(
              `${address.host} presented ${presented}, its console showed ${address.hostKeys.join(", ")}`,
            )
          : new BuilderUnreachableError(`SSH to ${address.host}: ${error.message}`),
      );
    });
    client.connect({
      host: address.host,
      port,
      username: USER,
      privateKey: address.privateKey,
      readyTimeout: CONNECT_TIMEOUT_MILLISECONDS,
      hostVerifier: (key: Buffer) => {
        presented = fingerprint(key);
        return address.hostKeys.includes(presented);
      },
    });
    // Without this, Nagle's algorithm and delayed acknowledgements cost 40 ms for every message of the handshake.
    client.setNoDelay(true);
  });
}

function execute(client: ssh2.Client, script: string): Promise<ShellResult> {
  return new Promise((resolve, reject) => {
    client.exec("su -m root -c 'exec /bin/sh -s'", (error, channel) => {
      if (error !== undefined) return reject(new BuilderUnreachableError(`SSH exec: ${error.message}`));
      const stdout = collect(channel);
      const stderr = collect(channel.stderr);
      let exitStatus: number | undefined;
      channel.on("exit", (code: number | null) => {
        exitStatus = code ?? -1;
      });
      channel.on("close", () => {
        if (exitStatus === undefined)
          reject(new BuilderUnreachableError("the connection broke during a command"));
        else resolve({ exitStatus, stdout: stdout(), stderr: stderr() });
      });
      channel.end(script);
    });
  });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= OUTPUT_LIMIT_BYTES) chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString("utf8");
}

/** As `ssh-keygen -l` prints it (RFC 4253 section 6.6 key blob, SHA-256, unpadded base64). */
function fingerprint(key: Buffer): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}
