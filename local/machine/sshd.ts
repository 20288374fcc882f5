import type { ChildProcess } from "node:child_process";
import ssh2, { type AuthContext, type Connection, type ServerChannel } from "ssh2";
import type { HostKey } from "./host-keys.ts";

export interface SshdOptions {
  readonly hostKeys: readonly HostKey[];
  /** One line of authorized_keys. */
  readonly authorizedKey: string | undefined;
  readonly start: (command: string) => ChildProcess;
  readonly onCommand: (phase: "before" | "after", command: string) => Promise<void>;
}

export interface Sshd {
  listen(address: string, port: number): Promise<void>;
  close(): void;
}

/** The machine's SSH server: ec2-user with the key pair's key, one command per session, nothing else. */
export function makeSshd(options: SshdOptions): Sshd {
  const connections = new Set<Connection>();
  const server = new ssh2.Server(
    { hostKeys: options.hostKeys.map((key) => key.privateKey) },
    (connection) => {
      connections.add(connection);
      // Missing from the types; without it every message of the handshake waits 40 ms for an acknowledgement.
      (connection as unknown as { setNoDelay(on: boolean): void }).setNoDelay(true);
      connection.on("error", () => undefined); // a client that goes away is the client's affair
      connection.on("close", () => connections.delete(connection));
      connection.on("authentication", (context) => authenticate(context, options.authorizedKey));
      connection.on("session", (accept) => {
        accept().on("exec", (acceptExec, _reject, { command }) => {
          void run(options, acceptExec(), command);
        });
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

function authenticate(context: AuthContext, authorizedKey: string | undefined): void {
  const allowed = authorizedKey === undefined ? undefined : ssh2.utils.parseKey(authorizedKey);
  if (
    context.method !== "publickey" ||
    context.username !== "ec2-user" ||
    !allowed ||
    allowed instanceof Error
  ) {
    context.reject(["publickey"]);
    return;
  }
  const isKey = context.key.data.equals(allowed.getPublicSSH());
  const { blob, signature } = context;
  const isSigned =
    signature === undefined || (blob !== undefined && allowed.verify(blob, signature) === true);
  if (isKey && isSigned) context.accept();
  else context.reject(["publickey"]);
}

async function run(options: SshdOptions, channel: ServerChannel, command: string): Promise<void> {
  await options.onCommand("before", command);
  const child = options.start(command);
  channel.on("error", () => undefined);
  child.stdin?.on("error", () => undefined); // the command ended without reading all of it
  if (child.stdin !== null) channel.pipe(child.stdin);
  child.stdout?.on("data", (chunk) => channel.write(chunk));
  child.stderr?.on("data", (chunk) => channel.stderr.write(chunk));
  const code = await new Promise<number>((resolve) => {
    let remaining = 3;
    let status = 255;
    const part = (exit?: number | null) => {
      status = exit ?? status;
      remaining -= 1;
      if (remaining === 0) resolve(status);
    };
    child.on("exit", (exit) => part(exit ?? 255));
    child.stdout?.on("close", () => part());
    child.stderr?.on("close", () => part());
  });
  await options.onCommand("after", command);
  channel.exit(code);
  channel.end();
}
