import ssh2, { type AuthContext, type Connection } from "ssh2";
import type { HostKey } from "./host-keys.ts";
import type { RunningCommand } from "./process-trees.ts";
import { serveCommand } from "./session-command.ts";

export interface SshdOptions {
  readonly hostKeys: readonly HostKey[];
  /** One line of authorized_keys; nobody may log in without it. */
  readonly authorizedKey: string | undefined;
  readonly start: (command: string) => RunningCommand;
  readonly onCommand: (phase: "before" | "after", command: string) => Promise<void>;
}

/** A machine's SSH server. */
export interface Sshd {
  /** @throws Error EADDRINUSE */
  listen(address: string, port: number): Promise<void>;
  close(): void;
}

/** The user that ec2_fetchkey makes. Root may not log in on FreeBSD (sshd_config(5), PermitRootLogin). */
const USER = "ec2-user";

/** Makes the server. It runs commands and shells; no terminal, no files, no forwarding: a builder needs none. */
export function makeSshd(options: SshdOptions): Sshd {
  const connections = new Set<Connection>();
  const server = new ssh2.Server(
    { hostKeys: options.hostKeys.map(({ privateKey }) => privateKey), ident: "OpenSSH_9.9 FreeBSD" },
    (connection) => {
      connections.add(connection);
      answerAtOnce(connection);
      connection.on("error", () => undefined); // a client that goes away is the client's affair
      connection.on("close", () => connections.delete(connection));
      connection.on("authentication", (context) => authenticate(context, options.authorizedKey));
      connection.on("session", (accept) => {
        const session = accept();
        session.on("exec", (acceptExec, _reject, { command }) =>
          serveCommand(options, acceptExec(), command),
        );
        session.on("shell", (acceptShell) => serveCommand(options, acceptShell(), "/bin/sh"));
      });
    },
  );
  return {
    listen: (address, port) =>
      new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, address, () => resolve());
      }),
    close: () => {
      server.close();
      for (const connection of connections) connection.end();
    },
  };
}

// Missing from ssh2's types. Without it every message of the handshake waits 40 ms for an acknowledgement.
function answerAtOnce(connection: Connection): void {
  if ("setNoDelay" in connection && typeof connection.setNoDelay === "function") connection.setNoDelay(true);
}

// The first request of a client only asks whether a key would do, without a signature (RFC 4252 section 7).
function authenticate(context: AuthContext, authorizedKey: string | undefined): void {
  const allowed = authorizedKey === undefined ? undefined : ssh2.utils.parseKey(authorizedKey);
  const isAccepted =
    context.method === "publickey" &&
    context.username === USER &&
    allowed !== undefined &&
    !(allowed instanceof Error) &&
    context.key.data.equals(allowed.getPublicSSH()) &&
    (context.signature === undefined ||
      (context.blob !== undefined &&
        allowed.verify(context.blob, context.signature, context.hashAlgo) === true));
  if (isAccepted) context.accept();
  else context.reject(["publickey"]);
}
