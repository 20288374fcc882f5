import { createHash } from "node:crypto";
import type { Duplex } from "node:stream";
import type { Client, ServerHostKeyAlgorithm } from "ssh2";
import { HostKeyChangedError, LoginRefusedError, UnusableKeyError } from "./failures.ts";
import { quoted } from "./quoted.ts";

/** As whom one logs in, and on which host. */
export interface Login {
  readonly user: string;
  /** In OpenSSH's format, without a passphrase. */
  readonly privateKey: string;
  /** The host's public key as in known_hosts: type and base64. */
  readonly hostKey: string;
}

/**
 * Logs in over a connection that is there. A host that has not the pinned key is told nothing. Takes as long as it takes: the
 * caller has the connection, and ends it.
 * @param onHostKey the host has shown its key, and what follows is the login
 * @throws HostKeyChangedError, LoginRefusedError, UnusableKeyError
 */
export function logIn(client: Client, sock: Duplex, login: Login, onHostKey: () => void): Promise<void> {
  const { user, privateKey, hostKey } = login;
  const [type = "", pinned = ""] = hostKey.split(" ");
  let presented: string | undefined;
  return new Promise((resolve, reject) => {
    client.on("ready", resolve);
    onEnd(client, () => reject(new LoginRefusedError("sshd closed the connection")));
    client.on("error", (error: SshError) => {
      if (presented !== undefined && presented !== pinned)
        reject(
          new HostKeyChangedError(
            `the host key is ${printOf(presented)}, not the pinned one: nothing was run`,
          ),
        );
      else reject(failureOf(error, type, user));
    });
    const settings = {
      sock,
      username: user,
      privateKey,
      readyTimeout: 0,
      // Asked for by the type that is pinned, so that a host with several keys shows that one.
      algorithms: { serverHostKey: signaturesOf(type) },
      hostVerifier: (key: Buffer) => {
        presented = key.toString("base64");
        onHostKey();
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
export function onEnd(client: Client, act: () => void): void {
  client.removeAllListeners("end").on("end", act);
  client.removeAllListeners("close").on("close", act);
}

/** As ssh-keygen -l shows a key, so that its owner knows it again, or does not. */
function printOf(base64: string): string {
  const hash = createHash("sha256").update(Buffer.from(base64, "base64")).digest("base64");
  return `SHA256:${hash.replace(/=+$/, "")}`;
}

interface SshError extends Error {
  /** Where in the protocol it happened: "client-authentication", "handshake", "client-socket" (ssh2's README). */
  readonly level?: string;
}

function failureOf({ level, message }: SshError, type: string, user: string): Error {
  if (level === "handshake" && /host key/.test(message))
    return new HostKeyChangedError(`the host has no ${type} key any more`);
  if (level === "client-authentication") return new LoginRefusedError(`sshd did not let ${user} in`);
  return new LoginRefusedError(`SSH failed: ${quoted(message)}`);
}

/** A key of RSA signs in two ways that are still good (RFC 8332). */
function signaturesOf(type: string): ServerHostKeyAlgorithm[] {
  if (type === "ssh-rsa") return ["rsa-sha2-512", "rsa-sha2-256"];
  return [type as ServerHostKeyAlgorithm];
}
