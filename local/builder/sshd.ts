import type { ListenOptions } from "node:net";
import ssh2, { type AuthContext, type Connection, type ServerChannel } from "ssh2";
import type { AuthorizedKey } from "../host/authorized-keys.ts";
import type { Misbehave } from "../host/misbehaviour.ts";
import type { HostKey } from "./host-keys.ts";
import type { RunningCommand } from "./process-trees.ts";
import { serveCommand } from "./session-command.ts";

/** Who has logged in. */
export interface Login {
  readonly user: string;
  /** What runs in place of whatever is asked for. */
  readonly forcedCommand: string | undefined;
}

export interface SshdOptions {
  readonly hostKeys: readonly HostKey[];
  /** The keys that let a user in at that moment. */
  readonly keysOf: (user: string) => readonly AuthorizedKey[];
  /** Runs what was asked for; undefined: a shell. */
  readonly start: (command: string | undefined, login: Login) => RunningCommand;
  readonly onCommand: (phase: "before" | "after", command: string) => Promise<void>;
  /** What a session does in place of its command. Absent: it runs the command. */
  readonly misbehave?: Misbehave | undefined;
}

/** A machine's SSH server. */
export interface Sshd {
  /** @throws Error EADDRINUSE */
  listen(where: ListenOptions): Promise<void>;
  close(): void;
}

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
      let login: Login | undefined;
      connection.on("authentication", (context) => {
        login = authenticate(context, options.keysOf);
      });
      connection.on("session", (accept) => {
        const session = accept();
        const serve = (channel: ServerChannel, asked: string | undefined) => {
          if (login === undefined) return channel.destroy();
          serveSession(options, { channel, connection, login }, asked);
        };
        session.on("exec", (acceptExec, _reject, { command }) => serve(acceptExec(), command));
        session.on("shell", (acceptShell) => serve(acceptShell(), undefined));
      });
    },
  );
  return {
    listen: (where) =>
      new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(where, () => resolve());
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

function serveSession(
  options: SshdOptions,
  { channel, connection, login }: { channel: ServerChannel; connection: Connection; login: Login },
  asked: string | undefined,
): void {
  const { onCommand, misbehave } = options;
  const command = asked ?? "/bin/sh";
  if (misbehave !== undefined) {
    const begin = async () => {
      await onCommand("before", command);
      misbehave(channel, connection);
    };
    begin().catch(() => channel.destroy());
  } else serveCommand({ start: () => options.start(asked, login), onCommand }, channel, command);
}

// The first request of a client only asks whether a key would do, without a signature (RFC 4252 section 7).
function authenticate(context: AuthContext, keysOf: SshdOptions["keysOf"]): Login | undefined {
  if (context.method === "publickey") {
    const { username: user, key: offered, signature, blob, hashAlgo } = context;
    const found = keysOf(user).find(({ key }) => offered.data.equals(key.getPublicSSH()));
    const isProven =
      signature === undefined ||
      (blob !== undefined && found?.key.verify(blob, signature, hashAlgo) === true);
    if (found !== undefined && isProven) {
      context.accept();
      return { user, forcedCommand: found.forcedCommand };
    }
  }
  context.reject(["publickey"]);
  return undefined;
}
